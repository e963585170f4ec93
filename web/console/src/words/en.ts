/** What the live view says, in English. de.ts has the same keys, and the compiler checks it. */
/** "is unsure" → "is probably unsure"; "wants to return" → "probably wants to return". */
function adverb(word: string, means: string): string {
  return means.startsWith('is ') ? `is ${word} ${means.slice(3)}` : `${word} ${means}`;
}

export const en = {
  lang: 'en', locale: 'en-GB',
  title: 'Live', reports: 'Does it help?', help: 'Help', theme: 'Theme', dark: 'Dark', light: 'Light', language: 'Deutsch',
  simulated: 'simulated', demoShop: 'Demo shop',
  // visitors
  visitors: 'Try a visitor', unsure: 'Unsure of size', friday: 'Needs it by Friday', gift: 'A gift', browsing: 'Just browsing',
  stop: 'Stop', again: 'Again', shopTitle: 'The demo shop', reload: 'Reload the shop',
  running: (name: string, at: number, of: number) => `${name}: step ${at} of ${of}`,
  finished: (name: string) => `${name}: done. See what Tact thinks, or go on yourself.`,
  stopped: (name: string) => `${name}: stopped. You can go on yourself.`,
  failed: (name: string, step: string) => `${name} could not go on at “${step}”. The shop may have changed.`,
  steps: {
    reset: 'arrives as somebody new', allow: 'agrees to help', shoes: 'goes to the shoes', jackets: 'goes to the jackets', packs: 'goes to the packs',
    fjell: 'looks at the Fjell Trail Shoe', regn: 'looks at a rain shell', sti: 'looks at a daypack', mug: 'looks at a mug', tents: 'goes to the tents',
    guide: 'opens the size guide', guideAgain: 'opens the size guide again', close: 'closes it', pick: 'picks size 43', read: 'reads on',
    delivery: 'looks at delivery', deliveryAgain: 'looks at delivery again', giftOption: 'looks at the gift option', gifts: 'opens the gifts page', add: 'puts it into the cart', cart: 'opens the cart', checkout: 'goes to the checkout', look: 'waits for what the shop says',
  },
  // link states
  link: {connecting: 'connecting…', open: 'live', no_token: 'no token', wrong_token: 'wrong token', lost: 'disconnected'},
  stale: (at: string) => `Disconnected. This is the picture of ${at}; trying again.`,
  neverConnected: 'Tact does not answer. Trying again. The shop on the left works without it.',
  noToken: 'This view needs its link', noTokenText: 'Open the link that “tact demo” printed in the terminal. It carries a token, so that only you can watch. You can also paste it here.',
  wrongToken: 'This token is not the right one', wrongTokenText: 'It may be from an earlier start. Take the link from the terminal where Tact runs now.',
  paste: 'Link or token', connect: 'Connect',
  connectingText: 'Connecting to Tact…',
  noVisitor: 'No visitor yet', noVisitorText: 'Do something in the shop, or pick a visitor above it.',
  noConsent: 'Nothing is known about this visitor, rightly.',
  noConsentAsked: 'The shop asked, and there is no answer yet. Until then everybody sees the same page, and nothing is kept. Answer it, or try one of the visitors above the shop.',
  noConsentText: 'They said no. They get the same shop as everybody, and nothing more about them is kept. The switch at the bottom of the shop changes it.',
  following: 'Visitor', thisShop: 'the one in the shop', another: (id: string) => `visitor ${id}`, others: (n: number) => n === 1 ? '1 other, active lately' : `${n} others, active lately`,
  // intents
  trying: 'What this visitor is trying to do',
  level: {unlikely: '', maybe: 'maybe', likely: 'likely', sure: 'sure'} as Record<string, string>,
  sure: (means: string) => `This visitor ${adverb('almost certainly', means)}.`, likely: (means: string) => `This visitor ${adverb('probably', means)}.`,
  either: (a: string, b: string) => `It could be either: ${a}, or ${b}. Unclear, so nothing is assumed.`,
  hint: (means: string) => `Perhaps this visitor ${means}. Not clear enough to act on.`,
  nothing: 'Nothing stands out. This visitor is left in peace.',
  about: (name: string) => `about: ${name}`,
  evidence: 'Evidence', start: 'starting point', usually: (p: string) => `usually true for ${p}`, half: 'acted on from 50 %',
  strength: ['weak', 'moderate', 'strong', 'decisive'] as readonly string[], against: 'speaks against it', times: (n: number) => n === 1 ? 'once' : `${n} times`,
  noEvidence: 'No evidence yet beyond the starting point.',
  ago: (n: number, unit: 's' | 'm' | 'h' | 'd') => n === 0 && unit === 's' ? 'just now' : `${n} ${{s: 's', m: 'min', h: 'h', d: n === 1 ? 'day' : 'days'}[unit]} ago`,
  // decisions
  decided: 'What was decided for this page', noDecision: 'Nothing has been decided on this page yet.',
  slots: {'product.reassurance': 'beside the cart button', 'page.banner': 'as the banner', 'cart.note': 'in the cart', 'category.help': 'above the list', 'checkout.note': 'in the checkout'} as Record<string, string>,
  inSlot: (slot: string) => `at ${slot}`,
  shown: (where: string) => `shown ${where}`, withheld: 'withheld on purpose',
  withheldWhy: 'This visitor is in the group that shows what would have happened anyway',
  withheldAll: 'This visitor is in the group that never sees any message, to measure all of them',
  moment: (id: string, need: string) => need ? `moment “${id}”: ${need}` : `moment “${id}”`,
  chosen: (share: string, of: string) => `version drawn from ${of}, this one with a chance of ${share}`, splitEvenly: '“what works” is not acted on yet: versions are split evenly',
  visitorSees: 'The visitor reads', blocked: 'blocked', lostTo: 'gave way', notMet: 'not the moment', because: 'because',
  quietReasons: (n: number) => n === 1 ? 'Why 1 other stayed silent' : `Why ${n} others stayed silent`,
  everythingElse: 'Everything else is what everybody sees', allDefault: 'Everything is what everybody sees', places: (n: number, of: number) => `${n} of ${of} ${of === 1 ? 'place' : 'places'}`,
  guards: {unclear: 'unclear', frequency: 'frequency', consent: 'consent', purchase_suppression: 'purchase suppression', audience: 'audience', sensitive: 'sensitive topic'} as Record<string, string>,
  // the rest
  happenings: {'Message Seen': 'had a place for messages in view', 'Message Not Seen': 'did not get to see a place for messages', 'Message Clicked': 'followed a message', 'Message Dismissed': 'sent a message away', 'Page Left': 'left the page',
    'Segment Consent Preference Updated': 'answered the question for consent'} as Record<string, string>, wentTo: (page: string) => page ? `went to a page: ${page}` : 'went to a page',
  happened: 'What happened', nothingHappened: 'Nothing yet.', showAll: (n: number) => `Show all ${n}`, showLess: 'Show fewer', capped: (n: number) => `The latest ${n} are listed.`,
  visit: 'Visit', visitText: (n: number, pages: number) => `${n === 1 ? 'first visit' : `visit ${n}`}, ${pages} ${pages === 1 ? 'page' : 'pages'}`, consent: 'Consent', personalization: 'help', analytics: 'measuring', yes: 'yes', no: 'no',
  takenFor: 'Taken for', takenForWhom: {bot: 'a program, by its name or network', staff: 'one of the site’s own people', pace: 'a program: too fast for a person'} as Record<string, string>,
  takenForMeans: 'Sees what everybody sees; nothing of it is evidence, and no report counts it',
  cart: 'Cart', cartText: (n: number, sum: string) => n === 0 ? 'empty' : `${n} ${n === 1 ? 'item' : 'items'}, ${sum}`,
  // report
  reportLoading: 'Reading the reports…', reportFailed: 'The reports could not be read.', retry: 'Try again', reportEmpty: 'No moment has been measured yet. Reports appear once visitors have met one.',
  verdicts: {'helps': 'helps', 'at a cost': 'helps, at a cost', 'hurts': 'hurts', 'no effect': 'no effect seen', 'not clear': 'not clear yet', 'not enough data': 'not enough data yet', 'cannot be judged': 'cannot be judged'} as Record<string, string>,
  armsText: (shown: string, held: string) => `shown to ${shown}, withheld from ${held}`,
  arm: {'shown': 'shown', 'held back': 'held back'} as Record<string, string>,
  armYoung: (n: string) => `${n} whose time is not over yet`,
  armLine: (outcomes: string, visitors: string, rate: string) => `${outcomes} of ${visitors} visitors (${rate})`,
  credited: (n: string, extra: string) => `Last click would have credited it with ${n}; about ${extra} are because of it.`,
  creditedNone: (n: string) => `Last click would have credited it with ${n}. How many would have come anyway cannot be said yet.`,
  creditedAnyway: (n: string) => `Last click would have credited it with ${n}; as far as anybody can tell, they would have come anyway.`,
  creditedLost: (n: string, lost: string) => `Last click would have credited it with ${n}; in truth about ${lost} were lost because of it.`,
  perThousand: 'per 1,000', to: 'to', noEffect: 'no effect', difference: 'Difference, with always-valid interval', goals: 'Goals reached', lastClick: 'last click credits', becauseOf: 'because of the message',
  tooFew: 'Those so far are too few to be shown: a report begins with 50 in each arm.',
  unknownYet: 'not known yet', dataSoFar: 'So far',
  // help
  helpTitle: 'How to read this', close: 'Close', skip: 'Skip to what Tact thinks',
  helpText: [
    'On the left is a real shop; on the right, what Tact makes of the visit in it. Use the shop yourself, or let one of the visitors do it.',
    'Tact collects evidence, says how likely an intent is, and acts only from 50 % and only if one intent is clearly ahead. Otherwise the page stays as everybody sees it, and that is most of the time.',
    'Some visitors get nothing although something would help: the difference between them and the others is the answer to “Does it help?”.',
  ] as readonly string[],
  keys: {title: 'Keys', visitor: 'pick a visitor', stop: 'stop the visitor', reload: 'reload the shop', help: 'this help', theme: 'light or dark'},
  tabs: {shop: 'Shop', mind: 'What Tact thinks', report: 'Does it help?'},
};

export type Words = typeof en;
