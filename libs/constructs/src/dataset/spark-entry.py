"""What the Glue jobs of a dataset start: reads the plan that the state machine names, and says that this version has no Spark engine."""

import json
import sys

import boto3
from awsglue.utils import getResolvedOptions


def main():
    arguments = getResolvedOptions(sys.argv, ["lake_root", "plan_key"])
    bucket = arguments["lake_root"].removeprefix("s3://").split("/", 1)[0]
    answer = boto3.client("s3").get_object(Bucket=bucket, Key=arguments["plan_key"])
    job = json.load(answer["Body"])
    tables = ", ".join(table["name"] for table in job["plan"]["tables"])
    raise SystemExit(
        f"The Spark engine is not part of this version of Inlet: {job['layer']} of {job['plan']['dataset']} ({tables}) was planned "
        f"as run {job['plan']['runId']} and not built. Raise engine.duckdb_max_bytes in config/dataset.json, or run with engine duckdb."
    )


main()
