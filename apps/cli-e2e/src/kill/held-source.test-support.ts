/** A source that keeps its runs waiting until the test has done what it wants to do meanwhile. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeldSource {
  url: string;
  /** Resolves once a run has asked, and so holds its dataset's lease. */
  asked: Promise<undefined>;
  /** Answers all who have asked, and those who still will, with the zip. */
  answer(zip: string): void;
  close(): Promise<void>;
}

export async function holdSource(): Promise<HeldSource> {
  const waiting: ServerResponse[] = [];
  let body: Buffer | undefined;
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<undefined>();
  const answerOne = (response: ServerResponse) => response.setHeader('content-type', 'application/zip').end(body);
  const server = createServer((_request, response) => {
    if (body === undefined) waiting.push(response);
    else answerOne(response);
    tellAsked(undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/nsde.zip`,
    asked,
    answer: (zip) => {
      body = readFileSync(zip);
      waiting.splice(0).forEach(answerOne);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
