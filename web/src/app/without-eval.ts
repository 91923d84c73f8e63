/**
 * Imported first in `main.tsx`: zod compiles validators with `new Function` unless told not to before the first schema
 * is made, and the page's CSP forbids that.
 */
import { config } from "zod";

config({ jitless: true });
