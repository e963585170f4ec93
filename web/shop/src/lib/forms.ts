/** What is wrong with what was typed, by field name; empty = nothing. */
export type Problems = Partial<Record<string, string>>;

export function checkAddress(a: {name: string; email: string; street: string; postcode: string; city: string; country: string}): Problems {
  const problems: Problems = {};
  if (a.name === '') problems.name = 'Please tell us whom the parcel is for.';
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(a.email)) problems.email = 'An e-mail address looks like name@example.com.';
  if (a.street === '') problems.street = 'Please give a street and number.';
  if (!/^[0-9A-Za-z][0-9A-Za-z -]{2,9}$/.test(a.postcode)) problems.postcode = 'Please give a postcode.';
  if (a.city === '') problems.city = 'Please give a city.';
  if (a.country === '') problems.country = 'Please give a country.';
  return problems;
}

export function checkCard(c: {card: string; expiry: string; code: string}, now: Date): Problems {
  const problems: Problems = {};
  if (!/^\d{16}$/.test(c.card.replace(/[\s-]/g, ''))) problems.card = 'A card number has 16 digits.';
  const match = /^(0[1-9]|1[0-2])\s*\/\s*(\d{2})$/.exec(c.expiry);
  if (!match) problems.expiry = 'Please write it like 08/29.';
  else if (new Date(2000 + Number(match[2]), Number(match[1]), 1) <= now) problems.expiry = 'This card is no longer valid.';
  if (!/^\d{3}$/.test(c.code)) problems.code = 'Three digits, on the back of the card.';
  return problems;
}
