import {CLOTHES_SIZES, maker} from './make';

const jacket = maker('jackets');
const all = {sizes: CLOTHES_SIZES};

export const JACKETS = [
  jacket('p8', 'Regn Storm Shell', 'rain', 219, 'Kelp', ['shell', ['#4f7360', '#33493f', '#e6a044'], 'coast'],
    'Three layers, taped seams and a hood that turns with your head. Made for rain that comes from the side.',
    [['Material', '3-layer recycled nylon'], ['Water column', '20,000 mm'], ['Warmth', 'Shell, no filling'], ['Weight', '430 g in size M'], ['Care', 'Wash warm, tumble dry, re-proof yearly']],
    {...all, soldOut: ['XXL'], also: 'rain jacket waterproof hardshell coat storm', season: 4}),
  jacket('p9', 'Dis Rain Jacket', 'rain', 129, 'Mist blue', ['shell', ['#7fa0b3', '#566f80', '#f3d27a'], 'fell'],
    'The jacket that lives in the bottom of the pack. Folds into its own pocket, out in ten seconds.',
    [['Material', '2.5-layer nylon'], ['Water column', '10,000 mm'], ['Warmth', 'Shell, no filling'], ['Weight', '240 g in size M'], ['Care', 'Wash at 30 °C']],
    {...all, also: 'rain light packable waterproof coat', season: 8}),
  jacket('p10', 'Dun Down Jacket', 'insulated', 239, 'Rust', ['puffer', ['#b9573a', '#7d3a28', '#f4dfc3'], 'snow'],
    'Responsibly sourced goose down, 750 fill. The warm thing you put on when everybody stops.',
    [['Material', 'Recycled nylon, 750-fill down'], ['Water column', 'Repels drizzle'], ['Warmth', 'To −10 °C when standing'], ['Weight', '380 g in size M'], ['Care', 'Down detergent, dry with tennis balls']],
    {...all, soldOut: ['XS'], also: 'puffer puffy winter warm coat', season: 6}),
  jacket('p11', 'Ull Hooded Fleece', 'fleece', 89, 'Oat', ['fleece', ['#d3c3a5', '#5f6f62', '#c0653c'], 'forest'],
    'High-pile fleece with a wind-proof yoke. Smells of campfire after one weekend and is better for it.',
    [['Material', 'Recycled polyester pile'], ['Water column', 'None'], ['Warmth', 'Mid-layer'], ['Weight', '460 g in size M'], ['Care', 'Wash cold, in a filter bag']],
    {...all, also: 'sherpa pullover hoodie mid layer teddy', season: 5}),
  jacket('p12', 'Bris Wind Jacket', 'wind', 79, 'Buoy', ['wind', ['#e0a23c', '#2f5563', '#f3ead6'], 'coast'],
    'Eighty-five grams between you and the wind on the ridge. For runners, riders and people who forget.',
    [['Material', 'Ripstop nylon, 20 denier'], ['Water column', 'Repels drizzle'], ['Warmth', 'Wind only'], ['Weight', '85 g in size M'], ['Care', 'Wash at 30 °C']],
    {...all, soldOut: ['S'], also: 'running cycling windbreaker light', season: 7}),
  jacket('p13', 'Nord Winter Parka', 'insulated', 329, 'Night', ['parka', ['#3b4a63', '#27324a', '#c9a673'], 'dusk'],
    'Long, quiet and very warm. A storm hood, hand-warmer pockets and a hem that stays down in the wind.',
    [['Material', 'Cotton-nylon, synthetic filling'], ['Water column', '8,000 mm'], ['Warmth', 'To −25 °C'], ['Weight', '1,450 g in size M'], ['Care', 'Wash at 30 °C, line dry']],
    {...all, also: 'coat winter long warm city', season: 3}),
];
