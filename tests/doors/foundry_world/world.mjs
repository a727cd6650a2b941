/** What the module touches of Foundry 13 and 14, as their published documentation describes it:
 * hooks, settings, documents with flags and parts, chat, notifications. Nothing is stored. */

const LONGEST_ID = 16;

function randomId() {
  return Array.from({ length: LONGEST_ID }, () => "abcdefghij"[Math.floor(Math.random() * 10)]).join("");
}

function getProperty(object, path) {
  return path.split(".").reduce((found, key) => found?.[key], object);
}

function setProperty(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  const holder = keys.reduce((found, key) => (found[key] ??= {}), object);
  const isPlain = (one) => one !== null && typeof one === "object" && !Array.isArray(one);
  if (isPlain(value) && isPlain(holder[last])) merge(holder[last], value);
  else holder[last] = structuredClone(value);
}

function merge(object, changes) {
  for (const [path, value] of Object.entries(changes)) setProperty(object, path, value);
}

class Collection extends Map {
  find(test) { return [...this.values()].find(test); }
  filter(test) { return [...this.values()].filter(test); }
  get contents() { return [...this.values()]; }
  [Symbol.iterator]() { return this.values(); }
}

class Doc {
  constructor(source, keepId) {
    this._source = structuredClone(source);
    this.id = keepId && source._id ? source._id : randomId();
    this._source._id = this.id;
    this._source.flags ??= {};
  }
  get name() { return this._source.name; }
  get folder() { return this._source.folder; }
  get type() { return this._source.type; }
  get text() { return this._source.text; }
  get description() { return this._source.description; }
  get ownership() { return this._source.ownership; }
  getFlag(scope, key) { return this._source.flags[scope]?.[key]; }
  async setFlag(scope, key, value) { setProperty(this._source, `flags.${scope}.${key}`, value); return this; }
  async update(changes) { merge(this._source, changes); return this; }
  toObject() { return structuredClone(this._source); }
}

function withParts(documentName, list, partName, shelf) {
  return class extends Doc {
    documentName = documentName;
    constructor(source, keepId) {
      super(source, keepId);
      if (!list) return;
      this[list] = new Collection();
      for (const one of source[list] ?? []) this.#add(one, keepId);
    }
    #add(one, keepId) { const part = new Doc(one, keepId); this[list].set(part.id, part); }
    static async create(source, { keepId = false } = {}) {
      if (keepId && game[shelf].has(source._id)) throw new Error(`There is ${source._id} already`);
      const made = new this(source, keepId);
      game[shelf].set(made.id, made);
      return made;
    }
    get system() { return this._source.system; }
    async createEmbeddedDocuments(name, given, { keepId = false } = {}) {
      if (name !== partName) throw new Error(name);
      for (const one of given) this.#add(one, keepId);
    }
    async updateEmbeddedDocuments(name, given) {
      if (name !== partName) throw new Error(name);
      for (const one of given) await this[list].get(one._id).update(one);
    }
    async deleteEmbeddedDocuments(name, ids) {
      if (name !== partName) throw new Error(name);
      for (const id of ids) this[list].delete(id);
    }
    toObject() {
      const spelled = super.toObject();
      if (list) spelled[list] = this[list].contents.map((one) => one.toObject());
      return spelled;
    }
  };
}

class Message extends Doc {
  static async create(source) {
    const made = new Message(source);
    made.timestamp = (game.messages.size + 1) * 1000;
    game.messages.set(made.id, made);
    await Promise.all(Hooks.callAll("createChatMessage", made));
    return made;
  }
  get content() { return this._source.content; }
  get whisper() { return this._source.whisper ?? []; }
  get author() { return this._source.author; }
  get speaker() { return this._source.speaker; }
  get rolls() { return this._source.rolls ?? []; }
  get flavor() { return this._source.flavor ?? ""; }
}

export function startWorld(lang, generation) {
  const heard = new Map();
  const values = new Map();
  const declared = [];
  const gm = { id: "gm", isGM: true, isSelf: true, name: "GM" };
  const localize = (key) => getProperty(lang, key) ?? key;
  globalThis.Hooks = {
    on(name, call) { heard.set(name, [...(heard.get(name) ?? []), call]); },
    once(name, call) { this.on(name, call); },
    callAll(name, ...given) { return (heard.get(name) ?? []).map((call) => call(...given)); },
  };
  globalThis.CONST = {
    DOCUMENT_OWNERSHIP_LEVELS: { INHERIT: -1, NONE: 0, LIMITED: 1, OBSERVER: 2, OWNER: 3 },
    JOURNAL_ENTRY_PAGE_FORMATS: { HTML: 1, MARKDOWN: 2 },
  };
  globalThis.game = {
    release: { generation },
    user: gm,
    users: { activeGM: gm },
    documentTypes: { Actor: ["base", "hero", "npc"] },
    messages: new Collection(),
    journal: new Collection(),
    actors: new Collection(),
    tables: new Collection(),
    folders: new Collection(),
    i18n: {
      localize,
      format: (key, given) => localize(key).replace(/\{(\w+)\}/g, (_, name) => given[name]),
    },
    settings: {
      register(module, key, how) {
        declared.push({ module, key, ...how });
        values.set(`${module}.${key}`, how.default);
      },
      get(module, key) {
        if (!values.has(`${module}.${key}`)) throw new Error(`${module}.${key} is not a setting`);
        return values.get(`${module}.${key}`);
      },
    },
  };
  globalThis.JournalEntry = withParts("JournalEntry", "pages", "JournalEntryPage", "journal");
  globalThis.RollTable = withParts("RollTable", "results", "TableResult", "tables");
  globalThis.Actor = withParts("Actor", "", "", "actors");
  globalThis.Folder = withParts("Folder", "", "", "folders");
  globalThis.ChatMessage = Message;
  globalThis.ui = {
    notifications: {
      info: (text) => world.told.push(text),
      warn: (text) => world.told.push(`! ${text}`),
    },
  };
  globalThis.foundry = {
    utils: { getProperty, hasProperty: (object, path) => getProperty(object, path) !== undefined },
    applications: { api: { DialogV2: { wait: async () => world.choice } } },
  };
  globalThis.world = {
    told: [],
    choice: null,
    ready() { Hooks.callAll("init"); },
    set(key, value) { values.set(`ttrpg-assistant.${key}`, value); },
    hear(name, ...given) { return Promise.all(Hooks.callAll(name, ...given)); },
    menu(name) { const lines = []; Hooks.callAll(name, {}, lines); return lines; },
    openSettings() {
      const root = document.querySelector("#settings");
      root.replaceChildren(...declared.filter((one) => one.config).map(spellSetting));
      Hooks.callAll("renderSettingsConfig", {}, root);
    },
    openJournals() { Hooks.callAll("renderJournalDirectory", {}, document.querySelector("#journal")); },
  };

  function spellSetting({ module, key, name, hint, type }) {
    const group = document.createElement("div");
    group.className = "form-group";
    const label = document.createElement("label");
    label.textContent = localize(name);
    label.htmlFor = `${module}.${key}`;
    const fields = document.createElement("div");
    fields.className = "form-fields";
    const input = document.createElement("input");
    input.type = type === Boolean ? "checkbox" : "text";
    input.name = input.id = `${module}.${key}`;
    const value = values.get(`${module}.${key}`);
    if (type === Boolean) input.checked = value;
    else input.value = value;
    fields.append(input);
    const words = document.createElement("p");
    words.className = "hint";
    words.textContent = localize(hint);
    group.append(label, fields, words);
    return group;
  }
}
