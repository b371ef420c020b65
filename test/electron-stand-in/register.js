/** Loaded before the app's main bundle: from then on `electron` is the stand-in. */
import { register } from 'node:module';

register(new URL('./hooks.js', import.meta.url), { data: { standIn: process.env['IPC_SCOPE_STAND_IN'] } });
