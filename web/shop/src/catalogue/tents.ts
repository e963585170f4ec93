import {maker, ONE_SIZE} from './make';

const tent = maker('tents');
const one = {sizes: ONE_SIZE};

export const TENTS = [
  tent('p19', 'Lav 1 Solo Tent', 'solo', 249, 'Lichen', ['solo', ['#8a9a5b', '#55633a', '#e9dfc0'], 'fell'],
    'One pole, one person, three minutes. Small enough to forget in the pack, large enough to sit up in.',
    [['Sleeps', '1'], ['Weight', '1,180 g'], ['Packed', '38 × 13 cm'], ['Water column', '3,000 mm fly, 5,000 mm floor'], ['Seasons', 'Spring to autumn']],
    {...one, also: 'one person bikepacking ultralight camping', season: 7}),
  tent('p20', 'Ly 2 Dome Tent', 'duo', 329, 'Marigold', ['dome', ['#e09a3e', '#8a5a24', '#f7ead0'], 'dawn'],
    'Stands anywhere without a single peg. Two doors, so that nobody climbs over anybody at night.',
    [['Sleeps', '2'], ['Weight', '2,250 g'], ['Packed', '45 × 16 cm'], ['Water column', '3,000 mm fly, 8,000 mm floor'], ['Seasons', 'Spring to autumn']],
    {...one, also: 'two person camping freestanding', season: 5}),
  tent('p21', 'Heim 4 Tunnel Tent', 'family', 499, 'Pine', ['tunnel', ['#4d7a66', '#2f4a40', '#f0c064'], 'forest'],
    'Room for four, a dry porch for boots and board games. Pitches inner and outer together, also in rain.',
    [['Sleeps', '4'], ['Weight', '6,900 g'], ['Packed', '62 × 26 cm'], ['Water column', '4,000 mm fly, 10,000 mm floor'], ['Seasons', 'Spring to autumn']],
    {...one, also: 'family camping kids large porch', season: 4}),
  tent('p22', 'Duk Tarp 3 × 3', 'tarp', 99, 'Clay', ['tarp', ['#bd6f4c', '#5d4a3c', '#f1dcc0'], 'dusk'],
    'A roof for lunch, a wall against the wind, a bed under stars that might not last. Nineteen loops.',
    [['Sleeps', '2 or a table'], ['Weight', '690 g'], ['Packed', '24 × 11 cm'], ['Water column', '2,500 mm'], ['Seasons', 'Any, with sense']],
    {...one, also: 'shelter bivouac bushcraft rain roof', season: 6}),
];
