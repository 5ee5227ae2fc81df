#!/usr/bin/env node
/**
 * The command `hostcompute`.
 *
 * @module
 */
import { watchOutput } from './output/broken-pipe.js';
import { run } from './run.js';

watchOutput();
process.exitCode = await run(process.argv.slice(2));
