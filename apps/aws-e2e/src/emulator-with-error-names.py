"""ministack, mended in one respect before it starts.

Lambda reports the name of the error that a Node function throws, and the state machine's retries and catches go by it. ministack 1.5.33 calls every such
error Runtime.HandlerError. Here the worker says the name as well, and the invocation's answer carries it.
"""

from ministack.core import lambda_runtime
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

if __name__ == "__main__":
    from ministack.app import main

    main()
