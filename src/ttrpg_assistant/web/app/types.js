/**
 * The values the page and the server exchange, as types only. docs/api.md is the contract.
 *
 * @typedef {"user" | "assistant" | "system"} Role
 * @typedef {"complete" | "streaming" | "stopped" | "interrupted" | "failed" | "unreadable"} Status
 * The server calls a scene an `npc` conversation with the purpose `scene`; it is reached by its own paths.
 * @typedef {"chat" | "thread" | "npc" | "scene"} Kind
 * @typedef {"about" | "as" | null} Mode
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {string} conversation_id
 * @property {number} seq
 * @property {string | null} parent_id
 * @property {Role} role
 * @property {string} content
 * @property {Mode} [mode]
 * @property {Status} status
 * @property {number | null} [tokens_in]
 * @property {number | null} [tokens_out]
 * @property {string | null} [model]
 * @property {number | null} [tokens_cached] how many of `tokens_in` the provider did not read again
 * @property {number | null} [cost] in US dollars
 * @property {string | null} [error_code]
 * @property {FaultWords | null} [error] why it is not whole, the same live and after a reload
 * @property {"stop" | "length" | "filtered" | null} [finish_reason] how the answer ended
 * @property {string | null} [reasoning] what the model thought before it answered
 * @property {number | null} [reasoning_seconds]
 * @property {boolean} [left_out] shown, but not sent to the model: a refused question and its answer
 * @property {string | null} [origin] `recovered`: said while nothing could be stored
 * @property {string | null} [speaker_npc_id] in a scene: who answers
 * @property {string | null} [audience_npc_id] in a scene: the only NPC that hears it
 * @property {string} created_at
 * @property {string} updated_at
 * @property {ShownPart[] | null} [shown] what is shown of it, where that is not `content` as it is
 * @property {any[]} [suggestions]
 * @property {any[]} [citations]
 * @property {string[]} [notes] what of it could not be read
 * @property {{ place: number, note: string }[]} [notes_in_place] the same by the block, and where it begins
 *
 * What is shown of a reply: texts, and blocks whose cards stand where the block stood.
 * @typedef {string | ShownBlock} ShownPart
 *
 * @typedef {object} ShownBlock
 * @property {number} place the character of `content` at which it begins: which block it is
 * @property {ShownCard[]} [cards] what it proposes, as far as that is known
 * @property {boolean} [is_open] it is still being written
 * @property {boolean} [is_text] it was no block after all
 *
 * @typedef {{ kind: string, title?: string, rationale?: string, fields?: Record<string, any> }} ShownCard
 *
 * @typedef {object} Picture
 * @property {string} id
 * @property {string} campaign_id
 * @property {string} thing_kind
 * @property {string} thing_id
 * @property {"portrait" | "picture"} role
 * @property {string} caption also read out in its place
 * @property {number} width in pixels
 * @property {number} height in pixels
 * @property {number} place
 * @property {string} audience
 * @property {number} revision
 *
 * @typedef {object} MessagePage
 * @property {Message[]} messages oldest first
 * @property {boolean} has_more
 * @property {number | null} [next_cursor]
 * @property {string | null} tip_message_id
 * @property {Record<string, string[]>} siblings
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {Kind} kind
 * @property {string | null} title
 * @property {string | null} tip_message_id
 * @property {number} message_count
 * @property {string | null} last_message_at
 * @property {string | null} archived_at
 * @property {string} created_at
 * @property {string} updated_at
 * @property {"active" | "archived"} [status]
 * @property {string | null} [campaign_id]
 * @property {string | null} [npc_id]
 * @property {string | null} [purpose]
 * @property {string | null} [game_session_id]
 * @property {string | null} [personality] the id of the voice the assistant has in it
 * @property {string | null} [branched_from_id]
 * @property {number} [unread_count]
 *
 * @typedef {{ user_message: Message, assistant_message: Message, assistant_messages?: Message[] }} TurnAnswer
 *   in a scene several NPCs may answer
 *
 * @typedef {Edit & { text: string }} Editing what is being edited, and its wording as it stands now
 *
 * In a scene: who is to answer, or who alone hears it. Neither: whom the words name, else the next in turn.
 * @typedef {{ answering?: string[], whisper_to?: string }} Aside
 *
 * @typedef {{ code: string, detail: string, cure?: string | null, status?: number }} FaultWords
 *
 * What a text in the composer is another wording of.
 * @typedef {object} Edit
 * @property {string} id the message that is edited, stored or waiting
 * @property {string | null} replaces the stored message its new wording takes the place of, if any
 * @property {string} was its wording
 * @property {Mode} mode in which it was said: another wording is said in the same
 * @property {string | null} audience in a scene: who alone hears it
 *
 * What waits on this device until the server has committed it.
 * @typedef {object} OutboxEntry
 * @property {number} [order] place in the queue, given by the store
 * @property {string} id the message's id, made here: the idempotency key
 * @property {string} conversation_id
 * @property {Kind | "note" | "roll"} kind of conversation; or what is written down in a game session,
 *   which then is the conversation it belongs to
 * @property {string} content
 * @property {Mode} mode
 * @property {{ campaign_id: string, gm_only: boolean, at: string }} [noted] of a note or a roll
 * @property {string | null} replaces the earlier message this one is an edit of
 * @property {{ campaign_id: string | null, game_session_id: string | null } | null} [asked_under] what was on the screen; null: not known
 * @property {Aside | null} [aside]
 * @property {string} created_at
 * @property {number} attempts
 * @property {"waiting" | "not_saved" | "parked"} state `parked` is refused for good, `not_saved` is tried again
 * @property {FaultWords | null} fault
 * @property {"waiting" | "not_saved"} [held] it is being edited, and set aside meanwhile: its state before
 * @property {string} [instead] the waiting message whose place this wording has taken
 * @property {UnsavedAnswer | null} [answer] what was answered while nothing could be stored
 *
 * @typedef {object} UnsavedAnswer
 * @property {string} id
 * @property {string} content
 * @property {ShownPart[] | null} [shown]
 * @property {Status} status
 *
 * Where a message is, as shown.
 * @typedef {"on_device" | "not_saved" | "refused" | "saved" | "answering" | "complete" | "cut" | "filtered" | "stopped" | "interrupted" | "failed" | "unreadable"} Sign
 *
 * One line of the timeline: stored, or still on this device.
 * @typedef {object} Entry
 * @property {string} id
 * @property {Message} message
 * @property {Sign} sign
 * @property {OutboxEntry | null} pending
 * @property {string[]} siblings all alternatives, oldest first; empty when there is only this one
 *
 * A message among its neighbours, in its own branch.
 * @typedef {object} Around
 * @property {Conversation} conversation
 * @property {string} message_id
 * @property {Message[]} messages oldest first
 * @property {Record<string, string[]>} siblings
 * @property {boolean} is_on_active_path
 * @property {string} branch_tip_id
 * @property {boolean} has_older
 * @property {boolean} has_newer
 *
 * @typedef {"off" | "low" | "high"} Effort
 *
 * In US dollars for a million tokens.
 * @typedef {{ in: number, cached?: number | null, out: number, source?: "table" | "set" | "listed" }} Price
 *
 * @typedef {object} ModelOffer
 * @property {string} choice
 * @property {string} name
 * @property {number | null} [context_tokens]
 * @property {"listed" | "asked" | "learned" | "set" | "assumed" | null} [context_source]
 * @property {number | null} [answer_tokens]
 * @property {Effort | null} [effort] the one chosen; null: the model's own
 * @property {Effort[]} [efforts] those it has
 * @property {Price | null} [price] null: not known
 * @property {boolean} [recommended]
 * @property {string[]} [learned] what its refusals have taught, a sentence each
 *
 * @typedef {object} Provider
 * @property {string} name
 * @property {string} label
 * @property {boolean} needs_key
 * @property {boolean} has_key
 * @property {string | null} key_source
 * @property {string | null} base_url
 * @property {boolean} base_url_is_fixed
 * @property {ModelOffer[]} models
 * @property {FaultWords | null} [fault]
 *
 * @typedef {{ current: string, fixed?: boolean, providers: Provider[] }} ModelList
 *
 * @typedef {"available" | "degraded" | "unavailable"} Persistence
 * @typedef {{ state: Persistence, sentence: string, database_bytes?: number, warning?: string | null }} PersistenceReport
 *
 * The last good backup, and what stopped the last attempt.
 * @typedef {{ name: string, made_at: string, bytes: number, pictures: number }} MadeBackup
 * @typedef {{ kept: number, folder: string, count: number, is_making: boolean, last: MadeBackup | null,
 *   failure: { at: string, code: string, detail: string, cure: string | null } | null }} BackupReport
 *
 * A browser that has been let in.
 * @typedef {{ id: string, device: string, created_at: string, last_seen_at: string, is_this: boolean }} Device
 *
 * @typedef {object} Removal
 * @property {string} id
 * @property {string} kind
 * @property {string} subject_id
 * @property {string | null} title
 * @property {number} count
 * @property {string} created_at
 * @property {string} expires_at
 */

export {};
