/** Spark reads numbers, dates and truth values from texts without the blanks and control characters at their ends. */

const STRIPPED = `E'\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\x0B\\x0C\\r\\x0E\\x0F\\x10\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18\\x19\\x1A\\x1B\\x1C\\x1D\\x1E\\x1F '`;

/** A text without what Spark strips at its ends. To strip is slow, so it is done where there is something to strip. */
export const stripText = (text: string) => `CASE WHEN regexp_matches(${text}, '^[\\x00-\\x20]|[\\x00-\\x20]\\z') THEN trim(${text}, ${STRIPPED}) ELSE ${text} END`;
