/** Entry point of the function that begins a run and fetches the NSDE file. */
import { createFetchAndHashHandler } from '@inlet/lambda';

export const handler = createFetchAndHashHandler(process.env);
