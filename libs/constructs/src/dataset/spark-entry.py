"""What the Glue jobs of a dataset start: reads the plan that the state machine names, holds the deployed rules against it, and says that this version has no Spark engine."""

import json
import sys

import boto3
from awsglue.utils import getResolvedOptions


def find_other_rules(plan, names):
    """Tables whose deployed ruleset is not the one that the plan was made with."""
    glue = boto3.client("glue")
    planned = {table["name"]: table["ruleset"] for table in plan["tables"] if "ruleset" in table}
    deployed = {table: glue.get_data_quality_ruleset(Name=name)["Ruleset"] for table, name in names.items()}
    return [table for table in sorted({*planned, *deployed}) if planned.get(table, "").strip() != deployed.get(table, "").strip()]


def main():
    wanted = ["lake_root", "plan_key"] + (["quality_rulesets"] if "--quality_rulesets" in sys.argv else [])
    arguments = getResolvedOptions(sys.argv, wanted)
    bucket = arguments["lake_root"].removeprefix("s3://").split("/", 1)[0]
    answer = boto3.client("s3").get_object(Bucket=bucket, Key=arguments["plan_key"])
    job = json.load(answer["Body"])
    if job["layer"] == "silver":
        others = find_other_rules(job["plan"], json.loads(arguments.get("quality_rulesets", "{}")))
        if others:
            raise SystemExit(f"The deployed rules of {', '.join(others)} are not those of the plan. Deploy the dataset's stack again.")
    tables = ", ".join(table["name"] for table in job["plan"]["tables"])
    raise SystemExit(
        f"The Spark engine is not part of this version of Inlet: {job['layer']} of {job['plan']['dataset']} ({tables}) was planned "
        f"as run {job['plan']['runId']} and not built. Raise engine.duckdb_max_bytes in config/dataset.json, or run with engine duckdb."
    )


main()
