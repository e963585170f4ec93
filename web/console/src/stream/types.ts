/** The live stream as docs/http.md ("GET /v1/live") describes it. */
export interface Evidence {says: string; count: number; last: string; points: number}
export type Level = 'unlikely' | 'maybe' | 'likely' | 'sure' | (string & {});

export interface Intent {
  id: string;
  means: string;
  about?: string | null;
  p: number;
  level: Level;
  usually: number;
  for: Evidence[];
  against: Evidence[];
}

export interface Happening {at: string; type: string; name: string; says: string}

export interface VisitorPicture {
  visitor: string;
  anonymousId: string;
  at: string;
  consent: {personalization?: boolean; analytics?: boolean};
  visit: {number: number; started: string; pages: number; device?: string; source?: string; page?: {path?: string; type?: string; product?: string | null} | null} | null;
  happened: Happening[];
  intents: Intent[];
  clear: boolean;
  leading: string | null;
  signals: {id: string; says: string; about?: string | null; strength: number; count: number; last: string}[];
  cart: {items: number; total: number};
  /** Null: a person. */
  taken_for: 'bot' | 'staff' | 'pace' | (string & {}) | null;
}

export interface NotShown {message: string | null; moment: string; says?: string; guard?: string; condition?: string; lost?: string}

export interface Why {
  moment?: string | null;
  need?: string | null;
  because?: Evidence[];
  intents?: {id: string; p: number; level: Level}[];
  clear?: boolean;
  holdout?: {universal?: boolean; moment?: boolean};
  choice?: {by?: string; propensity?: number; of?: string[]; not_acted_on_yet?: string[]} | null;
  not_shown?: NotShown[];
  visitor_sees?: string | null;
  playbook?: string;
}

export interface Decision {
  visitor: string;
  anonymousId: string;
  at: string;
  slot: string;
  id?: string;
  outcome: 'shown' | 'withheld' | 'default';
  message: string | null;
  variant?: string | null;
  why?: Why;
}
