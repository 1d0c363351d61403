/**
 * Stands in, in the command line's bundle, for what the ASL interpreter imports and a local run never reaches: every task is bound to a
 * function of this process, so no Lambda is called, and the document is validated in tests. Loading the real ones costs each run 80 ms.
 */
function unreached(name) {
  return function refuse() {
    throw new Error(`The command line's bundle holds no ${name}: every task must be bound locally, and validation be off.`);
  };
}

export const LambdaClient = unreached('Lambda client');
export const InvokeCommand = unreached('Lambda client');
export const fromCognitoIdentityPool = unreached('credential provider');
export default unreached('ASL validator');
