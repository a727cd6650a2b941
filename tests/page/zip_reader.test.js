import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { readFromZip } from "../../src/ttrpg_assistant/web/app/models/zip_reader.js";

/** A zip with these files, packed or not. */
function zip(files, packing) {
  const parts = [];
  const contents = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = packing === 8 ? deflateRawSync(Buffer.from(text)) : Buffer.from(text);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(packing, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    contents.push(entry, Buffer.from(name));
    parts.push(head, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const table = Buffer.concat(contents);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, table, end]);
}

const FILES = { "messages.jsonl": "{}\n".repeat(5000), "manifest.json": '{"name":"Marsh"}' };

test("one file is read out of an archive, packed or not", async () => {
  for (const packing of [0, 8]) {
    assert.equal(await readFromZip(new Blob([zip(FILES, packing)]), "manifest.json"), FILES["manifest.json"]);
  }
});

test("what is no archive, holds no such file, or is cut off is none", async () => {
  const whole = zip(FILES, 8);
  for (const bytes of [
    Buffer.from("GM: hello"),
    Buffer.alloc(0),
    whole.subarray(0, whole.length - 40),
    zip({ other: "x" }, 0),
  ]) {
    assert.equal(await readFromZip(new Blob([bytes]), "manifest.json"), null);
  }
  const spoiled = Buffer.from(zip({ "manifest.json": "x".repeat(200) }, 8));
  spoiled.fill(0xff, 43, 48);
  assert.equal(await readFromZip(new Blob([spoiled]), "manifest.json"), null);
});
