"""Prints, as JSON, what is at an endpoint of AWS, read with AWS's own SDK for Python, which moto brings along.

Arguments: the endpoint, the region, and events to be put, as a JSON list. What the rules for manual-trigger make of these is what queues get
that are made their targets, at the end.
"""

import json
import sys

import boto3

endpoint, region, events_to_put = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def client(service):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )


def without_metadata(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def received(rules):
    events, sqs = client("events"), client("sqs")
    got = {}
    # moto sends nothing to Lambda, and answers 500 where it should; and it sends to rules of a schedule too.
    for rule, of_rule in targets.items():
        events.remove_targets(Rule=rule, Ids=[target["Id"] for target in of_rule])
    for rule in rules:
        queue = sqs.create_queue(QueueName=f"probe-{rule}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_targets(Rule=rule, Targets=[{"Id": "probe", "Arn": arn}])
    for event in events_to_put:
        events.put_events(Entries=[event])
    for rule in rules:
        queue = sqs.get_queue_url(QueueName=f"probe-{rule}")["QueueUrl"]
        bodies = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        got[rule] = bodies
    return got


def functions():
    functions_client, found = client("lambda"), {}
    for function in functions_client.list_functions()["Functions"]:
        name = function["FunctionName"]
        policy = json.loads(functions_client.get_policy(FunctionName=name)["Policy"])
        found[name] = {
            **function,
            "Permissions": policy["Statement"],
            "Invoke": without_metadata(functions_client.get_function_event_invoke_config(FunctionName=name)),
        }
    return found


def roles():
    iam, found = client("iam"), {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        found[name] = [
            without_metadata(iam.get_role_policy(RoleName=name, PolicyName=policy))
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ]
    return found


def queues():
    sqs = client("sqs")
    urls = sqs.list_queues().get("QueueUrls", [])
    return [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in urls]


events = client("events")
rules = {rule["Name"]: rule for rule in events.list_rules()["Rules"]}
targets = {name: events.list_targets_by_rule(Rule=name)["Targets"] for name in rules}
found = {
    "rules": rules,
    "targets": targets,
    "functions": functions(),
    "roles": roles(),
    "queues": queues(),
    "logs": {g["logGroupName"]: g.get("retentionInDays") for g in client("logs").describe_log_groups()["logGroups"]},
    "alarms": {a["AlarmName"]: a for a in client("cloudwatch").describe_alarms()["MetricAlarms"]},
    "topics": [t["TopicArn"] for t in client("sns").list_topics()["Topics"]],
    "subscriptions": client("sns").list_subscriptions()["Subscriptions"],
    "secrets": {s["Name"]: s for s in client("secretsmanager").list_secrets()["SecretList"]},
    "received": received([name for name in rules if "EventPattern" in rules[name]]),
}

# The emergency stop, and that it stops what it names.
events.disable_rule(Name="makoto-batch-export")
found["stopped"] = {rule["Name"]: rule["State"] for rule in events.list_rules()["Rules"]}
print(json.dumps(found, default=str))
