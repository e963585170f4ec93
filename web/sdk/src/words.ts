/** The few words the SDK itself says. Everything else comes from the playbook. */

const EN = {not_me: 'Not me', not_now: 'Not now', gift: 'It’s a gift', message: 'Message', question: 'Question',
  gpc: 'Your browser sends Global Privacy Control, so nothing here is personalized or shared until you allow it.'};

export type Words = typeof EN;
export type Reason = 'not_me' | 'not_now' | 'gift';

const DE: Words = {
  not_me: 'Passt nicht zu mir',
  not_now: 'Jetzt nicht',
  gift: 'Ist ein Geschenk',
  message: 'Hinweis',
  question: 'Frage',
  gpc: 'Ihr Browser sendet Global Privacy Control: Hier wird nichts personalisiert oder weitergegeben, bis Sie es erlauben.',
};

/** By the language of the document, not of the browser: the message stands among the site's words. */
export const words = (lang: string): Words => (/^de\b/i.test(lang) ? DE : EN);
