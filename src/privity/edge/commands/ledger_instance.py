"""The acts of `privity ledger` that need an instance: export, checkpoint, prove, told, open, publish, rotate-key."""

import argparse
import importlib
import json
import sys
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from privity.edge.commands.ledger import DONE, NOT_SO
from privity.edge.commands.ledger_opening import write_once
from privity.edge.store.standstill import stands_still
from privity.edge.tiles.export import export_log
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken
from privity.ledger.checkpoint import read_body, read_note
from privity.ledger.opening import Opening, write_opening
from privity.ledger.proof import write_proof
from privity.ledger.told import LARGEST_NUMBER


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked of an instance and return the exit code.

    Raises: PrivityError: no instance there, no checkpoint yet, no such entry, a folder in the way.
    """
    instance = open_instance(arguments.data)
    match arguments.act:
        case "export":
            return _export(instance, arguments.out, as_json=arguments.json)
        case "checkpoint":
            return _checkpoint(instance, as_json=arguments.json)
        case "publish":
            return _publish(instance, arguments)
        case "rotate-key":
            return _rotate(instance, arguments)
        case "told":
            return _told(instance, arguments.number, as_json=arguments.json)
        case "open-commitment":
            return _open_commitment(instance, arguments)
        case _:
            return _prove(instance, arguments.index, as_json=arguments.json)


def _export(instance: Instance, out: Path, *, as_json: bool) -> int:
    """Sign the ledger as it stands, so that the export holds all of it, and write it out."""
    _sign(instance)
    exported = export_log(instance.log, out)
    checkpoint = exported.checkpoint
    if as_json:
        print(
            json.dumps(
                {
                    "size": checkpoint.size,
                    "origin": checkpoint.origin,
                    "root": b64encode(checkpoint.root).decode(),
                    "files": exported.files,
                    "folder": str(out),
                },
                sort_keys=True,
            )
        )
    else:
        print(f"Exported {checkpoint.size:,} entries of {checkpoint.origin} to {out} ({exported.files:,} files)")
    return DONE


def _checkpoint(instance: Instance, *, as_json: bool) -> int:
    note = _sign(instance)
    if not as_json:
        sys.stdout.write(note.decode())
        return DONE
    checkpoint = read_body(read_note(note).text)
    root = b64encode(checkpoint.root).decode()
    stated = {"size": checkpoint.size, "origin": checkpoint.origin, "root": root, "note": note.decode()}
    print(json.dumps(stated, sort_keys=True))
    return DONE


def _prove(instance: Instance, index: int, *, as_json: bool) -> int:
    proof = instance.log.prove(index)
    document = write_proof(proof).decode()
    if as_json:
        path = [b64encode(step).decode() for step in proof.path]
        stated = {"index": index, "path": path, "checkpoint": proof.checkpoint.decode(), "document": document}
        print(json.dumps(stated, sort_keys=True))
    else:
        sys.stdout.write(document)
    return DONE


def _told(instance: Instance, number: int, *, as_json: bool) -> int:
    """Print the entry that a number stands for which somebody outside was told.

    Raises: Mistaken: this gateway has told nobody such a number.
    """
    index = instance.store.numbers.place(number) if 0 <= number <= LARGEST_NUMBER else -1
    if not 0 <= index < instance.log.size():
        raise Mistaken(
            "no entry was found",
            why="that number stands for none here",
            next_step="copy the whole number, and look in the instance that told it",
        )
    entry = instance.log.entry(index)
    stated = {"index": index, "kind": entry.kind.value, "hour": f"{entry.at:%Y-%m-%dT%H:00Z}"}
    if as_json:
        print(json.dumps({"number": number, **stated}, sort_keys=True))
    else:
        print(f"Entry {index:,}: {entry.kind.value}, in the hour from {entry.at:%d %B %Y, %H:00} UTC")
    return DONE


def _opening(case: str, name: str, instance: Instance) -> Opening:
    # The tables can be named only once Django knows whose they are, so the module that reads them is loaded here.
    opening: Opening = importlib.import_module("privity.edge.store.opening").open_field(instance.log, case, name)
    return opening


def _open_commitment(instance: Instance, arguments: argparse.Namespace) -> int:
    """Write the newest commitment to one field of a case, opened, for whoever may see it."""
    opening = _opening(arguments.case, arguments.field, instance)
    write_once(arguments.out, write_opening(opening))
    told = {"file": str(arguments.out), "field": opening.field}
    print(json.dumps(told, sort_keys=True) if arguments.json else f"Opened {opening.field} into {arguments.out}")
    return DONE


def _publish(instance: Instance, arguments: argparse.Namespace) -> int:
    """Publish what everybody may see and, where a policy names witnesses, say whether enough of them vouch for it."""
    publishing = importlib.import_module("privity.edge.wiring.publishing")
    out: Path = arguments.out or instance.data.public_ledger
    beside = instance.data.witnesses if instance.data.witnesses.exists() else None
    named: Path | None = arguments.policy or beside
    policy = None if named is None else publishing.read_policy_file(named)
    done = publishing.publish(
        instance.log,
        instance.note_signer,
        publishing.PublicPlace(data=instance.data, out=out, hours=arguments.hours, entries=arguments.entries),
        policy=policy,
        now=datetime.now(UTC),
    )
    for name, why in done.missing.items():
        print(f"privity: the witness `{name}` did not vouch: {why}", file=sys.stderr)
    if done.alarm:
        print(f"privity: {done.alarm}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(done.stated(), sort_keys=True))
    else:
        print(
            f"Published {done.size:,} entries of {instance.origin} to {out}; {done.waiting:,} wait for later"
            f" periods; witnesses that vouch now: {len(done.vouched)}"
        )
    return NOT_SO if done.alarm else DONE


def _rotate(instance: Instance, arguments: argparse.Namespace) -> int:
    rotation = importlib.import_module("privity.edge.wiring.key_rotation")
    step = rotation.start if arguments.step == "start" else rotation.finish
    key = step(instance.data, instance.note_signer)
    told = {"step": arguments.step, "key": str(key)}
    print(json.dumps(told, sort_keys=True) if arguments.json else f"{rotation.NEXT[arguments.step]}\n{key}")
    return DONE


def _sign(instance: Instance) -> bytes:
    """Take up what still waits for its index, and sign the ledger as it then stands.

    At a standstill nothing is signed: what is written out is what was signed last.
    """
    newest = instance.log.latest_checkpoint()
    if stands_still() and newest is not None:
        return newest
    importlib.import_module("privity.edge.store.sequencer").settle(
        instance.log, instance.note_signer, datetime.now(UTC)
    )
    return instance.log.checkpoint(instance.note_signer, datetime.now(UTC))
