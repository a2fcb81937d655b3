"""What a browser keeps of notes and sends of them, without a browser: clocks, exchanges, devices that agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.node import run_module

SCENE = (Path(__file__).parent / "sync_scene.js").read_text(encoding="utf-8").replace("export const", "const")
TWO_DAYS = 2 * 24 * 3600 * 1000

RANDOM = """
const chance = chanceOf(SEED);
let now = 1764500000000;
const server = makeServer(() => now);
const devices = [0, TWO_DAYS, -TWO_DAYS].map((skew, index) => makeDevice(`d${index}`, server, () => now + skew));
const pick = (list) => list[Math.floor(chance() * list.length)];
const made = [];
for (let step = 0; step < 300; step += 1) {
  now += Math.floor(chance() * 600000);
  const device = pick(devices);
  const dice = chance();
  const mine = (await device.notes()).map(({ id }) => id);
  if (dice < 0.2 || !mine.length) {
    const id = `n${step}`;
    made.push(id);
    await device.make(id, { colour: "yellow", body: "", deleted: false });
  } else if (dice < 0.4) await device.edit(pick(mine), { colour: pick(["green", "blue", "pink"]) });
  else if (dice < 0.6) await device.edit(pick(mine), { body: `step ${step}` });
  else if (dice < 0.65) await device.edit(pick(mine), { deleted: true });
  else await device.sync({ isLost: chance() < 0.2, isTwice: chance() < 0.2 });
}
for (const device of [...devices, ...devices, ...devices]) await device.sync();
const states = await Promise.all(devices.map((device) => device.notes()));
const waiting = await Promise.all(devices.map((device) => device.store.transact((db) => db.waitingNotes())));
answer({
  made: made.length,
  notes: states[0].length,
  deleted: [...server.notes.values()].filter((note) => note.fields.deleted[0]).length,
  same: states.map((state) => JSON.stringify(state) === JSON.stringify(states[0])),
  waiting: waiting.flat().length,
});
"""


@pytest.mark.parametrize("seed", range(4))
def test_three_devices_with_wrong_clocks_come_to_the_same_notes(seed: int) -> None:
    found = run_module(SCENE + RANDOM.replace("SEED", str(seed)).replace("TWO_DAYS", str(TWO_DAYS)))
    assert found["same"] == [True, True, True]
    assert found["waiting"] == 0
    assert found["made"] > 30
    assert found["notes"] + found["deleted"] == found["made"]


def scene(steps: str) -> object:
    return run_module(
        SCENE
        + """
let now = 1764500000000;
const server = makeServer(() => now);
const phone = makeDevice("phone", server, () => now);
const fast = makeDevice("fast", server, () => now + """
        + str(TWO_DAYS)
        + """);
await phone.make("n", { colour: "yellow", body: "first", deleted: false });
await phone.sync();
await fast.sync();
const fieldsOf = ({ colour, body, otherBody }) => [colour, body, otherBody];
const seen = async (device) => fieldsOf((await device.notes())[0]);
"""
        + steps
    )


def test_a_clock_two_days_fast_does_not_win_for_two_days() -> None:
    steps = """
    await fast.edit("n", { colour: "green" }); await fast.sync();
    now += 120000;
    await phone.sync(); await phone.edit("n", { colour: "blue" }); await phone.sync(); await fast.sync();
    answer([await seen(fast), await seen(phone)]);"""
    assert scene(steps) == [["blue", "first", ""]] * 2


def test_two_bodies_written_apart_both_stay_until_one_settles_them() -> None:
    steps = """
    await phone.edit("n", { body: "phone" }); now += 5000; await fast.edit("n", { body: "fast" });
    for (const one of [phone, fast, phone]) await one.sync();
    const before = [await seen(phone), await seen(fast)];
    await phone.edit("n", { body: "both" }, { isSettled: true });
    const at = await seen(phone);
    await phone.sync(); await fast.sync();
    answer([...before, at, await seen(fast), await seen(phone)]);"""
    assert scene(steps) == [["yellow", "fast", "phone"]] * 2 + [["yellow", "both", ""]] * 3


def test_a_body_written_on_while_it_was_sent_is_no_second_version() -> None:
    steps = """
    await phone.edit("n", { body: "one" });
    const sent = phone.sync();
    await phone.edit("n", { body: "one and two" });
    await sent; await phone.sync(); await fast.sync();
    answer([await seen(phone), await seen(fast)]);"""
    assert scene(steps) == [["yellow", "one and two", ""]] * 2


def test_what_waits_survives_a_full_answer_and_the_rest_leaves() -> None:
    steps = """
    await phone.make("new", { colour: "pink", body: "", deleted: false });
    server.notes.delete("n");
    await phone.store.transact((db) => db.put("meta", { name: "cursor", value: 0 }));
    const message = { ...(await phone.due()).message, changes: [] };
    await phone.apply(message, server.post(message));
    answer((await phone.notes()).map(({ id }) => id));"""
    assert scene(steps) == ["new"]


def test_a_message_holds_what_fits_and_says_that_there_is_more() -> None:
    steps = """
    for (let n = 0; n < 20; n += 1) await phone.make(`m${n}`, { body: "ö".repeat(1000), deleted: false });
    const { message, isRest } = await phone.due(10000);
    answer([message.changes.length, isRest, new TextEncoder().encode(JSON.stringify(message)).length <= 10000]);"""
    assert scene(steps) == [4, True, True]


def test_an_answer_for_a_store_that_went_on_is_asked_for_again() -> None:
    steps = """
    const { message } = await phone.due();
    const old = server.post(message);
    await fast.edit("n", { colour: "blue" }); await fast.sync(); await phone.sync();
    answer([await phone.apply(message, old), await seen(phone)]);"""
    assert scene(steps) == [False, ["blue", "first", ""]]


def test_stamps_rise_when_the_clock_stands_and_when_it_goes_back() -> None:
    found = run_module(
        """import { nextStamp } from "$/clock.js";
        let last = "";
        const stamps = [5, 5, 5, 3, 9].map((ms) => (last = nextStamp(last, ms, "d")));
        answer([stamps, nextStamp("0000000000005-ffff-e", 5, "d")]);"""
    )
    stamps, after_the_last_counter = found
    assert stamps == sorted(set(stamps))
    assert after_the_last_counter == "0000000000006-0000-d"
