"""Check the AWS keys; the result is a row that the page reads.

Shape of the result: `ok`, `sentence`, `account`, `arn`, `permissions`: a list of `action`,
`purpose`, `refusal` (AWS's words, or null), `regions`: name -> null or what is missing there, and
`role`: `state` (there, missing, not known) and `words` about the role for spot machines.
"""

from typing import Any

from webapp.clock import now as clock_now
from webapp.cloud.ec2 import HOME_REGION
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Cloud
from webapp.cloud.permissions import NO_ROLE
from webapp.engine.spot_role import MISSING, NOT_KNOWN, Signs, spot_role
from webapp.models.aws_account import AwsAccount, aws_account, checked
from webapp.models.event import SCHEDULER
from webapp.models.limit import limits
from webapp.models.role_signs import last_refusal, last_request_taken
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import the_cloud
from webapp.tasks.ground import ground_of


def check_credentials(now: int) -> int:
    """1 when a check was asked for and made."""
    account = aws_account()
    if account is None or account.check_wanted_at is None:
        return 0
    cloud = the_cloud(account)
    if cloud is None:
        return 0
    result = _result(cloud, account)
    with writing():
        checked(SCHEDULER, result, clock_now())
    return 1


def _result(cloud: Cloud, account: AwsAccount) -> dict[str, Any]:
    existing = limits()
    home = account.region or (existing[0].region if existing else HOME_REGION)
    on_demand = any(each.purchase_type == "on-demand" for each in existing)
    regions = sorted({home, *(each.region for each in existing)})
    try:
        who = cloud.identity()
        found = cloud.permissions(home, on_demand)
        role, words = _role(cloud, home)
    except CloudError as error:
        return {"ok": False, "sentence": str(error), "permissions": [], "regions": {}}
    rows = [{"action": p.action, "purpose": p.purpose, "refusal": p.refusal} for p in found]
    refused = [row["action"] for row in rows if row["refusal"]]
    missing = {} if refused else {region: _missing(cloud, region) for region in regions}
    troubles = [words for words in missing.values() if words]
    sentence = _sentence(refused, troubles, role)
    good = not refused and not troubles and role != MISSING
    about = {"permissions": rows, "regions": missing, "role": {"state": role, "words": words}}
    return {"ok": good, "sentence": sentence, **who, **about}


def _role(cloud: Cloud, region: str) -> tuple[str, str]:
    dry_run, listed = cloud.role_signs(region)
    return spot_role(Signs(dry_run, listed, last_request_taken(), last_refusal(NO_ROLE)))


def _missing(cloud: Cloud, region: str) -> str | None:
    """What launches in this region would lack. What is found is kept, so that the first launch
    need not look for it."""
    try:
        ground_of(cloud, region, clock_now())
    except CloudError as error:
        return str(error)
    return None


def _sentence(refused: list[str], troubles: list[str], role: str) -> str:
    if refused:
        return f"The keys work, but these permissions are missing: {', '.join(refused)}."
    if troubles:
        return "The keys work, but: " + " ".join(troubles)
    if role == MISSING:
        return "The keys work, but the role that EC2 needs for spot machines is missing."
    if role == NOT_KNOWN:
        return (
            "The keys work, and nothing is missing, except perhaps the role for spot machines: "
            "that shows when the first machine is asked for."
        )
    return "The keys work, and nothing is missing."
