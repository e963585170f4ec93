import {maker, ONE_SIZE} from './make';

const pack = maker('packs');
const backs = {sizes: ['S/M', 'M/L']};

export const PACKS = [
  pack('p14', 'Sti 22 Daypack', 'day', 89, 'Fern', ['daypack', ['#5f8068', '#3a5243', '#e7a748'], 'forest'],
    'Twenty-two litres and no dangling straps. Lunch, layers, a book; a laptop on Monday.',
    [['Volume', '22 l'], ['Weight', '680 g'], ['Back', 'Mesh panel, sternum strap'], ['Material', 'Recycled nylon, 210 denier'], ['Rain', 'Cover included']],
    {sizes: ONE_SIZE, also: 'backpack rucksack school laptop commute', season: 6}),
  pack('p15', 'Vidde 45 Trekking Pack', 'trekking', 189, 'Ochre', ['trekpack', ['#c38a3a', '#4a4338', '#2f5d57'], 'fell'],
    'Hut to hut for a week. The hip belt carries, the lid floats, the side zip finds the socks.',
    [['Volume', '45 + 8 l'], ['Weight', '1,520 g'], ['Back', 'Adjustable, aluminium stays'], ['Material', 'Recycled nylon, 210 denier'], ['Rain', 'Cover included']],
    {...backs, also: 'backpack rucksack hut multi-day', season: 4}),
  pack('p16', 'Vidde 65 Expedition Pack', 'trekking', 229, 'Harbour', ['bigpack', ['#3f6478', '#2b3d4a', '#e58d45'], 'dusk'],
    'Tent, food for six days and the good saucepan. Stands up by itself when you set it down.',
    [['Volume', '65 + 10 l'], ['Weight', '1,940 g'], ['Back', 'Adjustable, swivelling belt'], ['Material', 'Nylon, 420 denier base'], ['Rain', 'Cover included']],
    {...backs, soldOut: ['S/M'], also: 'backpack rucksack expedition long', season: 2}),
  pack('p17', 'Havn 40 Duffel', 'travel', 119, 'Brick', ['duffel', ['#b5523c', '#3a3f44', '#f0c26a'], 'coast'],
    'A bag you can hose down. Carries by hand or on the back, fits the overhead locker.',
    [['Volume', '40 l'], ['Weight', '1,080 g'], ['Back', 'Stowable shoulder straps'], ['Material', 'Coated polyester, taped'], ['Rain', 'Sheds everything but a swim']],
    {sizes: ONE_SIZE, also: 'travel bag weekend holdall cabin', season: 7}),
  pack('p18', 'Lomme Hip Pack', 'hip', 39, 'Plum', ['hipPack', ['#7b4a63', '#4a2f3f', '#e9b45e'], 'dawn'],
    'Phone, keys, plasters, one apple. Sits still when you run for the bus or the summit.',
    [['Volume', '2.5 l'], ['Weight', '160 g'], ['Back', 'Padded mesh'], ['Material', 'Recycled nylon'], ['Rain', 'Coated zip']],
    {sizes: ONE_SIZE, also: 'waist bag bum bag fanny running', season: 5}),
];
