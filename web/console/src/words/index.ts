/** Which language, kept on this device. */
import {createContext, useContext} from 'react';
import {de} from './de';
import {en, type Words} from './en';

const KEY = 'live.language';
export const WORDS: Readonly<Record<'en' | 'de', Words>> = {en, de};

export function preferred(): 'en' | 'de' {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'en' || kept === 'de') return kept;
  } catch { /* no storage: the browser's language */ }
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

export function keepLanguage(language: 'en' | 'de'): void {
  try { localStorage.setItem(KEY, language); } catch { /* for this page only */ }
}

export const Language = createContext<Words>(en);
export const useWords = (): Words => useContext(Language);
export type {Words};
