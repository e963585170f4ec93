import {maker, SHOE_SIZES} from './make';

const shoe = maker('shoes');
const all = {sizes: SHOE_SIZES};

export const SHOES = [
  shoe('p1', 'Birk Hiking Boot', 'hiking', 179, 'Chestnut', ['boot', ['#8a5a3c', '#5d4330', '#d9a441'], 'forest'],
    'A leather boot for long days on uneven ground. Soft at the ankle, stiff where a rock would push through.',
    [['Upper', 'Waxed nubuck, 2.2 mm'], ['Sole', 'Rubber, 5 mm lugs'], ['Waterproof', 'Membrane, to the cuff'], ['Weight', '590 g in size 42'], ['Care', 'Brush, wax twice a year']],
    {...all, soldOut: ['36', '47'], also: 'boots leather ankle waterproof women men', season: 3}),
  shoe('p2', 'Sund Camp Sandal', 'camp', 69, 'Driftwood', ['sandal', ['#4d6a72', '#6b5443', '#e2a35a'], 'coast'],
    'Straps that open wide, a bed that remembers your foot. For the river crossing and the evening after.',
    [['Straps', 'Recycled polyester'], ['Sole', 'Foam bed, rubber outsole'], ['Waterproof', 'Dries in an hour'], ['Weight', '310 g in size 42'], ['Care', 'Rinse with fresh water']],
    {...all, soldOut: ['44'], also: 'sandals summer water river', season: 5}),
  shoe('p3', 'Skarv Approach Shoe', 'approach', 139, 'Slate', ['lowShoe', ['#4f5a66', '#2f3840', '#e0763f'], 'fell'],
    'Between a hiking shoe and a climbing shoe: laced to the toe, sticky under the ball of the foot.',
    [['Upper', 'Suede and mesh'], ['Sole', 'Friction rubber, climbing zone'], ['Waterproof', 'No, breathes well'], ['Weight', '410 g in size 42'], ['Care', 'Brush when dry']],
    {...all, soldOut: ['36', '37'], also: 'climbing scrambling via ferrata rock', season: 2}),
  shoe('p4', 'Tind Alpine Boot', 'hiking', 249, 'Graphite', ['boot', ['#55606b', '#2b3238', '#cf4f3a'], 'snow'],
    'For snowfields in July and scree at any time. Takes a strap-on crampon and a heavy pack.',
    [['Upper', 'Suede 2.6 mm, rubber rand'], ['Sole', 'Stiff, 6 mm lugs'], ['Waterproof', 'Membrane, insulated'], ['Weight', '780 g in size 42'], ['Care', 'Wax, dry away from heat']],
    {...all, soldOut: ['36', '37', '46'], also: 'mountaineering crampon glacier boots', season: 1}),
  shoe('p5', 'Lett Trail Runner', 'trail', 119, 'Heather', ['lowShoe', ['#7a6f9c', '#4b4568', '#f0b34d'], 'dusk'],
    'Light and low. You feel the path, not the stones. Drains through the sides after every puddle.',
    [['Upper', 'Woven mesh'], ['Sole', '4 mm lugs, 6 mm drop'], ['Waterproof', 'No, drains fast'], ['Weight', '265 g in size 42'], ['Care', 'Hand wash, 30 °C']],
    {...all, also: 'running run jogging light', season: 7}),
  shoe('p6', 'Vinter Snow Boot', 'winter', 159, 'Spruce', ['snowBoot', ['#3d5f55', '#26362f', '#d8b98a'], 'snow'],
    'Warm to −25 °C, with a lining that comes out to dry. For waiting at bus stops and walking over lakes.',
    [['Upper', 'Leather and nylon'], ['Sole', 'Soft rubber, ice grip'], ['Waterproof', 'Membrane'], ['Weight', '690 g in size 42'], ['Care', 'Take the lining out to dry']],
    {...all, soldOut: ['38', '47'], also: 'snow winter warm lined boots ice', season: 6}),
  shoe('p7', 'Fjell Trail Shoe', 'trail', 129, 'Moss', ['lowShoe', ['#5f7a4f', '#39492f', '#e08a3c'], 'dawn'],
    'The shoe we are asked for most. Sure on wet roots, easy on tarmac, and dry by the time you are home.',
    [['Upper', 'Ripstop mesh, welded toe'], ['Sole', 'Wet-grip rubber, 4.5 mm lugs'], ['Waterproof', 'Membrane'], ['Weight', '340 g in size 42'], ['Care', 'Hand wash, no softener']],
    {...all, soldOut: ['36', '46'], also: 'trainers hiking walking waterproof wide women men', season: 8}),
];
