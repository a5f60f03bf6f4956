// What the server tells a page about the film that it may open, as types; nothing of it runs.

/**
 * Bytes in memory that is this page's own.
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/**
 * The key that opens the layer of the camera inside ours.
 * @typedef {object} InnerKey
 * @property {Bytes} key
 * @property {Bytes} iv
 */

/**
 * The copy that was made of the newest draft.
 * @typedef {object} Rendering
 * @property {string} source the number of the bytes that are fetched
 * @property {number} sealed_size in bytes
 * @property {string} content_type
 * @property {number} version in which the picture or the sound last changed
 */

/**
 * One file of a recording, or the viewing copy that stands in its place.
 * @typedef {object} Clip
 * @property {string} object its number in the store; a viewing copy has the number of the clip that it shows
 * @property {string} source the number of the bytes that are fetched
 * @property {string} header its sealed header, in base64
 * @property {number} sealed_size in bytes
 * @property {string} content_type
 * @property {string} inner_kind "plain" or "axis-cbc"
 * @property {{ key: { object: string, header: string, sealed_size: number }, sealed_private: string }} [axis]
 * @property {number | null} duration_ms null when nobody told
 * @property {number | null} [about_ms] roughly, when nobody told it exactly
 * @property {boolean} is_copy
 * @property {{ header: string, inner_kind: string }} [original] of the film itself, where a viewing copy plays while it is redacted
 * @property {Rendering} [rendering] only while it is open to make others unrecognisable
 */

/**
 * A clip that this page can play: under which address, and the key that it may lend for one viewing copy.
 * @typedef {Clip & { path: string, lend: () => { fileKey: Bytes, inner: InnerKey | null } }} PlayableClip
 */

/**
 * A place to find again.
 * @typedef {object} Marker
 * @property {number} id
 * @property {string} clip
 * @property {number} at_ms
 * @property {string} note
 */

/**
 * One recording that was opened, with the addresses to which this page reports.
 * @typedef {object} Opening
 * @property {string} id
 * @property {string} token
 * @property {string} recording its number, as people read it
 * @property {string} recording_id
 * @property {string} started_at ISO 8601
 * @property {number} lasts_ms how long it stays open
 * @property {boolean} clock_known
 * @property {number} activation_ms from the start until the officer switched the camera on
 * @property {Clip[]} clips
 * @property {Marker[]} markers
 * @property {string} played
 * @property {string} close
 * @property {string} mark
 * @property {string} broken
 */

/**
 * A piece of film that was shown, in milliseconds of its clip.
 * @typedef {object} Span
 * @property {string} clip
 * @property {number} start_ms
 * @property {number} end_ms
 */

export {};
