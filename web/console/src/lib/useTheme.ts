/** Light or dark: the system's choice until the person makes one. */
import {useEffect, useState} from 'react';

const KEY = 'live.theme';
export type Theme = 'light' | 'dark';

function initial(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') return kept;
  } catch { /* the system's */ }
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function useTheme(): [Theme, () => void] {
  const [theme, set] = useState<Theme>(initial);
  useEffect(() => { document.documentElement.dataset.theme = theme; }, [theme]);
  return [theme, () => set((now) => {
    const next = now === 'light' ? 'dark' : 'light';
    try { localStorage.setItem(KEY, next); } catch { /* for this page only */ }
    return next;
  })];
}
