/**
 * What is chosen in the preview of files: what is left out, what becomes another kind, which field a column of a table
 * is, and which side of a conflict counts. Pure.
 *
 * @typedef {{ name: string, label: string, outcome: "take" | "keep" | "merge" | "conflict", here: any, file: any,
 *   takes_file: boolean }} FieldChoice
 * @typedef {{ key: string, kind: string, name: string, action: "new" | "same" | "changed" | "conflict" | "skip",
 *   found_by?: "own" | "source" | "name" | "alias" | null, excerpt?: string, fields?: FieldChoice[], can_become: string[],
 *   pictures?: number, file_name?: string, notes?: string[] }} FoundThing
 * @typedef {{ field: string, text: string, count: number }} Note
 * @typedef {{ import_id: string, campaign_id: string | null, title: string, files: number, bytes: number, format: string,
 *   label: string, things: FoundThing[], facts: { count: number, first: { key: string, title: string, text: string,
 *   about: string[], can_become: string[] }[] }, relations: number, for_players: number,
 *   columns: { heading: string, field: string, example: string, fields: { name: string, label: string }[] }[],
 *   notes: { characters: number, is_too_long: boolean } | null,
 *   talk: { number: number, title: string, messages: number }[], used: Note[], kept: Note[], ignored: Note[],
 *   warnings: string[] }} FilesPreview
 *
 * @typedef {{ skip: string[], kinds: Record<string, string>, fields: Record<string, Record<string, "here" | "file">>,
 *   columns: Record<string, string>, skip_facts: boolean, skip_talk: number[], read_notes: boolean,
 *   open_to_players: boolean }} Choices
 */

/** @returns {Choices} */
export function noChoices() {
  return {
    skip: [],
    kinds: {},
    fields: {},
    columns: {},
    skip_facts: false,
    skip_talk: [],
    read_notes: false,
    open_to_players: false,
  };
}

/** @template T @param {T[]} list @param {T} one @param {boolean} isIn @returns {T[]} */
export function withOrWithout(list, one, isIn) {
  const others = list.filter((each) => each !== one);
  return isIn ? [...others, one] : others;
}

/** @param {Choices} choices @param {string} key @param {string} field @param {"here" | "file"} side @returns {Choices} */
export function chooseSide(choices, key, field, side) {
  return { ...choices, fields: { ...choices.fields, [key]: { ...choices.fields[key], [field]: side } } };
}

/** Every conflict decided at once. @param {Choices} choices @param {FoundThing[]} things @param {"here" | "file"} side */
export function chooseAll(choices, things, side) {
  return things.reduce(
    (now, thing) =>
      openFields(thing, choices, true).reduce((then, field) => chooseSide(then, thing.key, field.name, side), now),
    choices,
  );
}

/** The fields that both sides changed; without `all` only those not decided. @param {FoundThing} thing @param {Choices} choices */
export function openFields(thing, choices, all = false) {
  const chosen = choices.fields[thing.key] ?? {};
  return (thing.fields ?? []).filter((one) => one.outcome === "conflict" && (all || !(one.name in chosen)));
}

/** Things that wait for a choice. @param {FoundThing[]} things @param {Choices} choices */
export function undecided(things, choices) {
  return things.filter((each) => !choices.skip.includes(each.key) && openFields(each, choices).length > 0);
}

/** Whether a field takes what is in the file. @param {FoundThing} thing @param {FieldChoice} field @param {Choices} choices */
export function takesFile(thing, field, choices) {
  const side = choices.fields[thing.key]?.[field.name];
  return side ? side === "file" : field.takes_file;
}

/** How much would be imported. @param {FilesPreview} preview @param {Choices} choices */
export function chosenCount(preview, choices) {
  const isLeft = (/** @type {FoundThing} */ each) =>
    choices.skip.includes(each.key) || (choices.read_notes && each.action === "skip");
  const things = preview.things.filter((each) => !isLeft(each)).length + Number(choices.read_notes);
  const facts = choices.skip_facts ? 0 : preview.facts.count;
  return things + facts + preview.talk.length - choices.skip_talk.length;
}
