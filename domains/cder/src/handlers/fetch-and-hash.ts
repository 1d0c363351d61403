/** Entry point of the function that begins a run and fetches the NDC directory. */
import { createFetchAndHashHandler } from '@inlet/lambda';

export const handler = createFetchAndHashHandler(process.env);
