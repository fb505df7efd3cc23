"""From settings to the programs that make up this shop."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import msgspec

from app.edge.cdn.providers import check as check_cdn
from app.ops import postgres, procfile, redis, varnish
from app.ops.home import CLONE, Home, servant
from app.ops.supervisor import Program
from app.payments import chosen
from app.settings import BadSetting, Settings

SERVERS = ("postgres", "redis")  # embedded ones; they start before anything else and as another user
OF_EDGE = ("edge", "access")
RELAYS = 2  # one works, one waits for its lock: a relay that hangs is no death that a supervisor would see
APART = (*SERVERS, *OF_EDGE)  # programs that get no setting and run as `servant`


def complete(settings: Settings, home: Home) -> Settings:
    """Settings as the shop's processes get them: what was not given is what this machine will provide."""
    if not settings.dev and settings.secret == Settings().secret:
        raise BadSetting("VITRINE_SECRET must be set outside development")
    if settings.shards and not settings.shared_dsn:
        raise BadSetting("VITRINE_SHARDS needs VITRINE_SHARED_DSN beside it")
    if " " in settings.shared_dsn and not settings.shards:
        raise BadSetting("VITRINE_SHARED_DSN must be written as postgresql://... or come with VITRINE_SHARDS")
    check_cdn(settings)
    chosen.check(settings)
    dsn = settings.shared_dsn or postgres.shared_dsn(home)
    return msgspec.structs.replace(
        settings,
        home=str(home.root),
        shared_dsn=dsn,
        shards=settings.shards or postgres.shard_dsns(dsn),
        redis_url=settings.redis_url or redis.url(home),
        smtp_url=settings.smtp_url or f"smtp://127.0.0.1:{settings.mail_port}",
    )


def absent(given: Settings) -> set[str]:
    """Processes of the Procfile that this shop does without, because settings name others or no edge."""
    elsewhere = {"postgres": given.shared_dsn, "redis": given.redis_url, "mail": given.smtp_url}
    return {name for name, address in elsewhere.items() if address} | set(() if given.edge else OF_EDGE)


def environment(full: Settings) -> dict[str, str]:
    """The variables that carry settings to a process: only those that differ from their default."""
    values = {field.name: getattr(full, field.name) for field in msgspec.structs.fields(Settings)}
    default = Settings()
    return {f"VITRINE_{k.upper()}": _text(v) for k, v in values.items() if v != getattr(default, k)}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def inherited() -> dict[str, str]:
    """Our own environment without settings, and with the environment's programs first on the path."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
    path = os.pathsep.join((f"{sys.prefix}/bin", os.environ.get("PATH", os.defpath)))
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1"}


def programs(given: Settings, full: Settings, home: Home) -> dict[str, Program]:
    """Every process of this shop by name, in the order of starting."""
    without = absent(given)
    found = {}
    for name, command in procfile.read(CLONE / "Procfile").items():
        if name not in without:
            for program in _instances(name, command, full, home):
                found[program.name] = program
    return found


def _instances(name: str, command: str, full: Settings, home: Home) -> Iterator[Program]:
    variables = _variables(name, full, home)
    if name == "relay":
        for number in range(RELAYS):
            yield _program(f"relay.{number}", name, procfile.words(command, variables), full, home)
        return
    if name != "web":
        yield _program(name, name, procfile.words(command, variables), full, home)
        return
    for number in range(full.web_instances):
        # Without an edge all instances share the shop's own port (SO_REUSEPORT), so one may die here too.
        port = {"PORT": str(full.web_port + number)} if full.edge else {"HOST": full.host}
        yield _program(f"web.{number}", name, procfile.words(command, variables | port), full, home)


def _variables(name: str, full: Settings, home: Home) -> dict[str, str]:
    common = {"HOST": full.host, "PORT": str(full.port), "PURGE_PORT": str(full.purge_port)}
    if name == "web":
        return common | {"HOST": "127.0.0.1"}
    if name == "admin":
        return common | {"PORT": str(full.admin_port)}
    if name == "postgres":
        return {"POSTGRES": str(postgres.binaries(home) / "postgres"), "PGDATA": str(home.data)}
    if name == "redis":
        return {"REDIS": str(redis.binary(home)), "REDIS_CONF": str(redis.configuration(home))}
    return common | {"VARNISH": str(home.varnish), "VCL": str(home.vcl), "ACCESS": str(home.access_log)}


def _program(name: str, kind: str, argv: tuple[str, ...], full: Settings, home: Home) -> Program:
    owner = servant() if kind in APART else None
    env = dict(postgres.environment()) if kind in APART else inherited() | environment(full)
    if kind == "edge":
        ready = varnish.privileged(argv, min(full.port, full.purge_port), owner)
        argv, owner = ready, owner if ready == argv else None
    return Program(
        name=name,
        argv=argv,
        env=env,
        cwd=home.root if kind in APART else CLONE,
        user=owner,
        stop_with=signal.SIGINT if kind == "postgres" else signal.SIGTERM,  # its TERM waits for every client
        before=(lambda: postgres.clear_orphans(home)) if kind == "postgres" else None,
        writes=home.access_log if kind == "access" else None,
    )
