"""The client of one bucket: keys from S3_… variables, otherwise where boto3 finds them."""

from typing import Any

import boto3
from botocore.config import Config


def s3_client(
    endpoint: str | None, region: str | None, key_id: str | None, secret: str | None
) -> Any:
    """Thread-safe; made once. An endpoint that is not AWS's is spoken to with the bucket in the
    path: a name before its host would need a DNS entry of its own."""
    keys = {"aws_access_key_id": key_id, "aws_secret_access_key": secret} if key_id else {}
    session = boto3.session.Session()
    return session.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or session.region_name or "us-east-1",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=10,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            max_pool_connections=20,
        ),
        **keys,
    )
