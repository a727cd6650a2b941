/**
 * The kinds of things as the server declares them (`GET /api/kinds`). The server answers its own
 * declarations under the address of this file and joins them into the page; the file holds none.
 *
 * @typedef {object} DeclaredField blanks are left out, but for `empty`
 * @property {string} name
 * @property {string} label
 * @property {string} shape
 * @property {string} [hint]
 * @property {boolean} [is_gm_only]
 * @property {boolean} [is_first]
 * @property {boolean} [is_column]
 * @property {boolean} [is_filter]
 * @property {boolean} [says_itself]
 * @property {string} [points_to]
 * @property {string[]} [offers]
 * @property {{ value: string, label: string }[]} [choices]
 * @property {any} empty
 *
 * @typedef {object} DeclaredKind
 * @property {string} name
 * @property {string} noun
 * @property {string} one
 * @property {string} plural
 * @property {string} list_name
 * @property {string} icon
 * @property {string} [hint]
 * @property {string} empty_list
 * @property {string} first_of_all
 * @property {string} name_field
 * @property {string} main_field
 * @property {string} [path]
 * @property {boolean} [is_thing]
 * @property {boolean} [is_pictured]
 * @property {boolean} [is_rolled_on]
 * @property {boolean} [is_shown_in_pictures]
 * @property {string[]} [suggestions]
 * @property {string[]} [synonyms]
 * @property {DeclaredField[]} fields
 */

/** @type {DeclaredKind[]} */
export const declared = [];
