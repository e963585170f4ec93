/** The ESM build: `import {tact} from '@tact/sdk'; tact.load({writeKey, host})`. Safe to import on a
 *  server, where it does nothing. */
import {createTact} from './tact';
import type {Tact} from './types';

export type * from './types';
export const tact: Tact = createTact();
