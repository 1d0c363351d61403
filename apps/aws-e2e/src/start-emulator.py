"""ministack, mended in one respect before it starts, and told later to enforce rights.

Lambda reports the name of the error that a Node function throws, and the state machine's retries and catches go by it. ministack 1.5.33 calls every such
error Runtime.HandlerError. Here the worker says the name as well, and the invocation's answer carries it.

With the signal SIGUSR1 it begins to enforce IAM: each function then has the rights of its own role, and no others. Not before, because it refuses the CDK the
roles of its bootstrap stack. Condition keys that it does not know are taken to hold what every such request here holds; the rest of each statement is enforced.
"""

import re
import signal

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import lambda_svc

SAID = "error: String(err.message || err), trace"
MENDED = 'error: "\\u0001" + (err.name || "Error") + "\\u0001" + String(err.message || err), trace'

if lambda_runtime._NODEJS_WORKER_SCRIPT.count(SAID) != 1:
    raise SystemExit("this ministack reports errors in another way: look at its Node worker, and mend or delete this file")
lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(SAID, MENDED)

execute_function = lambda_svc._execute_function_warm


def execute_function_naming_errors(*args, **kwargs):
    result = execute_function(*args, **kwargs)
    body = result.get("body") if isinstance(result, dict) else None
    message = body.get("errorMessage") if isinstance(body, dict) else None
    if isinstance(message, str) and message.startswith("\u0001"):
        _, name, text = message.split("\u0001", 2)
        result["body"] = {**body, "errorType": name, "errorMessage": text}
    return result


lambda_svc._execute_function_warm = execute_function_naming_errors

TAKEN_TO_HOLD = {
    # Loopback is what there is in the place of AWS's endpoints.
    "aws:securetransport": "true",
    "events:source": "inlet",
    "events:detail-type": "Release Published",
}

resolve_condition_key = iam_evaluator._resolve_condition_key


def resolve_known_condition_key(key, context):
    return TAKEN_TO_HOLD.get(key.lower()) or resolve_condition_key(key, context)


iam_evaluator._resolve_condition_key = resolve_known_condition_key

# Step Functions authorizes a call on an alias by the ARN of its state machine, with the alias as a condition:
# https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
QUALIFIED = re.compile(r"(arn:[a-z-]+:states:[^:]*:[0-9]*:stateMachine:[^:]+):(.+)")

set_up_context = iam_evaluator.EvalContext.__init__


def set_up_context_unqualified(self, *args, **kwargs):
    set_up_context(self, *args, **kwargs)
    qualified = QUALIFIED.fullmatch(self.resource_arn or "")
    if qualified:
        self.resource_arn, qualifier = qualified.groups()
        self.service_context = {**self.service_context, "states:statemachinequalifier": qualifier}


iam_evaluator.EvalContext.__init__ = set_up_context_unqualified

if __name__ == "__main__":
    from ministack import app

    if app.AUTH:
        raise SystemExit("rights are enforced from the signal on; start without AUTH=true")
    signal.signal(signal.SIGUSR1, lambda *_: setattr(app, "AUTH", True))
    app.main()
