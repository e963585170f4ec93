import {maker, ONE_SIZE} from './make';

const thing = maker('accessories');
const one = {sizes: ONE_SIZE};

export const ACCESSORIES = [
  thing('p23', 'Glo 400 Headlamp', 'light', 49, 'Signal', ['headlamp', ['#d8643a', '#39424a', '#f4c95d'], 'dusk'],
    'Four hundred lumens when you need the path, a soft red when the others sleep. Charges by USB-C.',
    [['Light', '400 lm, 90 m'], ['Runs', '6 h bright, 120 h low'], ['Weight', '78 g'], ['Rain', 'IPX6'], ['Guarantee', '5 years']],
    {...one, also: 'head torch lamp light running camping', season: 8}),
  thing('p24', 'Kilde Steel Bottle', 'kitchen', 29, 'Fjord', ['bottle', ['#c9d6d8', '#4d5a5f', '#4f8088'], 'coast'],
    'Three quarters of a litre, cold for a day, hot until the hut. Does not drip in a bag with a book.',
    [['Volume', '750 ml'], ['Keeps', '24 h cold, 12 h hot'], ['Weight', '355 g'], ['Material', '18/8 stainless steel'], ['Guarantee', '10 years']],
    {...one, also: 'water flask thermos drink', season: 3}),
  thing('p25', 'Lue Merino Beanie', 'warmth', 34, 'Berry', ['beanie', ['#9c4250', '#6b2d3a', '#f1d9b4'], 'snow'],
    'Fine merino, knitted double at the ears. Thin enough for a helmet, warm enough without one.',
    [['Material', '100 % merino, mulesing-free'], ['Lining', 'Double over the ears'], ['Weight', '58 g'], ['Care', 'Wool cycle, cold'], ['Guarantee', '3 years']],
    {...one, also: 'hat wool winter cap gift', season: 6}),
  thing('p26', 'Vott Insulated Glove', 'warmth', 44, 'Ink', ['gloves', ['#3d5068', '#26303c', '#e0a24a'], 'snow'],
    'Wind-proof back, leather palm, a fingertip that works on a phone. Not for arguments with huskies.',
    [['Material', 'Softshell, goat leather palm'], ['Lining', 'Synthetic, 80 g'], ['Weight', '112 g a pair'], ['Care', 'Hand wash, line dry'], ['Guarantee', '3 years']],
    {sizes: ['S', 'M', 'L', 'XL'], soldOut: ['XL'], also: 'gloves winter hands mittens', season: 5}),
  thing('p27', 'Stav Trekking Poles', 'walking', 79, 'Copper', ['poles', ['#b8693f', '#39352f', '#5f8a78'], 'fell'],
    'A pair in three sections, with cork that takes the shape of your hand. Knees thank you going down.',
    [['Length', '62–135 cm'], ['Material', 'Aluminium 7075, cork'], ['Weight', '470 g a pair'], ['Locks', 'Lever, works with gloves'], ['Guarantee', '5 years']],
    {...one, also: 'hiking sticks walking poles', season: 4}),
  thing('p28', 'Kok Camp Stove', 'kitchen', 59, 'Ember', ['stove', ['#c4553a', '#3d4448', '#f2d7a6'], 'dawn'],
    'Boils half a litre in under three minutes, simmers if asked nicely. Folds into a mug.',
    [['Power', '2.8 kW'], ['Boils', '500 ml in 2:50'], ['Weight', '92 g without gas'], ['Gas', 'Screw-on cartridges'], ['Guarantee', '5 years']],
    {...one, also: 'cooker gas camping kitchen burner', season: 2}),
  thing('p29', 'Kopp Enamel Mug', 'kitchen', 14, 'Cream', ['mug', ['#eadfc8', '#2f5563', '#3f6e62'], 'forest'],
    'Chips a little every year and gets better looking. Holds coffee, soup, or small change.',
    [['Volume', '350 ml'], ['Material', 'Steel, enamelled twice'], ['Weight', '124 g'], ['Care', 'Dishwasher, if you must'], ['Guarantee', 'Against leaks, for life']],
    {...one, also: 'cup coffee camping gift', season: 1}),
  thing('p30', 'Sokk Merino Sock', 'walking', 19, 'Granite', ['socks', ['#7d8a8c', '#4a5557', '#d98f4e'], 'dawn'],
    'Knitted without a seam at the toe. Cushion where a boot presses, air where it does not.',
    [['Material', '68 % merino, polyamide'], ['Height', 'Over the boot'], ['Weight', '74 g a pair'], ['Care', 'Wash at 40 °C'], ['Guarantee', '3 years, holes included']],
    {sizes: ['36–38', '39–41', '42–44', '45–47'], also: 'socks wool hiking', season: 7}),
];
