/** `serve` in a process of its own, to be killed. Argument: the folder of the spool. */
import { serve } from './serve.ts';

const { url } = await serve({ folder: process.argv[2] ?? '' });
console.log(url);
