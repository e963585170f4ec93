/** What customers of Northfold say: written by us, dealt out so that a product keeps its own. */
import type {CategoryId, Fit, Review} from '../lib/types';

const PEOPLE = ['Maren K.', 'Tobias R.', 'Aino L.', 'Jonas W.', 'Siobhan D.', 'Piet V.', 'Clara M.', 'Henrik S.', 'Leila A.',
  'Marco B.', 'Greta H.', 'Olu O.', 'Franzi P.', 'Erik N.', 'Nadia C.', 'Tom F.', 'Ingrid B.', 'Yusuf T.', 'Paula G.'];

type Said = readonly [stars: Review['stars'], title: string, text: string, fit?: Fit];

const SAID: Readonly<Record<CategoryId, readonly Said[]>> = {
  shoes: [
    [5, 'Out of the box and up the hill', 'Eighteen kilometres on the first day and not one blister. I have never had that before.', 'true'],
    [4, 'Take half a size more', 'Lovely shoe, but snug at the toes. I changed my 42 for a 43 and now it is perfect with thick socks.', 'small'],
    [5, 'Wide feet, happy feet', 'I usually suffer. The larger of my two sizes fits as if made for me.', 'small'],
    [4, 'Grip you can trust', 'Wet roots, wet leaves, a wet dog: no slipping. The laces are a bit long.', 'true'],
    [3, 'Good, once exchanged', 'My normal size pinched. Returning was easy, and the next one up is right.', 'small'],
    [5, 'Third pair', 'They last me two years of daily walks. True to size for my narrow feet.', 'true'],
    [4, 'Roomy', 'A little long for me in 39, an insole solved it.', 'large'],
    [5, 'Light on the way down', 'My knees noticed. Comfortable around the ankle as well.', 'true'],
    [2, 'Not for my heel', 'The heel slips. Sent back, money returned in four days.', 'large'],
  ],
  jackets: [
    [5, 'Stayed dry', 'Four hours of Norwegian horizontal weather. Only my opinion of it changed.', 'true'],
    [4, 'Cut close', 'With a fleece below I needed one size larger. Sleeves are long enough at last.', 'small'],
    [5, 'Quiet and light', 'No rustling. I forgot I was wearing it.', 'true'],
    [4, 'Pockets in the right place', 'They stay reachable under a hip belt. Zip could run smoother.', 'true'],
    [3, 'Boxy', 'A generous cut. I am between S and M and took S.', 'large'],
    [5, 'Everyday coat by accident', 'Bought for the mountains, worn to the bakery.', 'true'],
    [4, 'Good hood', 'Moves with the head, fits over a helmet. Fits true for me at 1.78 m in M.', 'true'],
  ],
  packs: [
    [5, 'Carries better than it weighs', 'Twelve kilos felt like eight. The belt really does the work.', 'true'],
    [4, 'Thought through', 'Every pocket has a reason. One more loop for poles would be nice.'],
    [5, 'Survived the baggage belt', 'Not a scratch after three flights.'],
    [4, 'Short back, finally', 'I am 1.62 m and S/M sits where it should.', 'true'],
    [3, 'Lid is fiddly', 'It closes well, but not with cold hands.'],
    [5, 'Daily use for a year', 'Looks new. The rain cover has saved my laptop twice.'],
  ],
  tents: [
    [5, 'Up before the rain', 'First pitch in six minutes with two children helping. That says it all.'],
    [4, 'Dry inside', 'A night of steady rain, no drop. Some condensation in the morning, open the vents.'],
    [5, 'Held in the wind', 'Gusts on the ridge, we slept. The neighbours did not.'],
    [4, 'Honest size', 'Sleeps as many as it says, with bags in the porch.'],
    [3, 'Pegs', 'Very good tent, mediocre pegs. I bought others.'],
  ],
  accessories: [
    [5, 'Small thing, big difference', 'I take it on every trip now.'],
    [5, 'Gave it to my brother', 'He has not put it down. The gift paper was pretty too.'],
    [4, 'Well made', 'Feels as if it will last. Colour is a bit darker than in the picture.'],
    [4, 'Does what it says', 'No more and no less, and that is rare.'],
    [5, 'Still going', 'Three winters, no complaint.'],
    [3, 'Fine', 'Works. I had hoped for a bag to keep it in.'],
  ],
};

export function reviewsFor(index: number, category: CategoryId, withFit: boolean): Review[] {
  const pool = SAID[category];
  const count = Math.min(pool.length, 4 + (index * 7) % 4);
  const out: Review[] = [];
  for (let i = 0; i < count; i += 1) {
    const [stars, title, text, fit] = pool[(index * 3 + i) % pool.length]!;
    const author = PEOPLE[(index * 5 + i * 7) % PEOPLE.length]!;
    out.push({author, stars, title, text, ...(fit && withFit ? {fit} : {})});
  }
  return out;
}
