-- When the API last set the PIN (UTC, as all times): a PIN that was changed on the phone later than that counts.
ALTER TABLE voicemail ADD COLUMN password_at TEXT NOT NULL DEFAULT '';

-- What is to be done with the spool folders of mailboxes as soon as Asterisk runs the revision: the folder moves with
-- its mailbox, and is removed when there is no new place. In the order of the writes; a row goes when it is done.
CREATE TABLE mailbox_folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    context TEXT NOT NULL,
    number TEXT NOT NULL,
    new_context TEXT,
    new_number TEXT
) STRICT;

-- A write's revision gets its number right after the write, in the same transaction.
CREATE TRIGGER voicemail_folder_moves AFTER UPDATE OF number, context ON voicemail
    WHEN OLD.number <> NEW.number OR OLD.context <> NEW.context
BEGIN
    INSERT INTO mailbox_folder (revision, context, number, new_context, new_number)
    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revision), OLD.context, OLD.number, NEW.context, NEW.number);
END;
CREATE TRIGGER voicemail_folder_goes AFTER DELETE ON voicemail
BEGIN
    INSERT INTO mailbox_folder (revision, context, number)
    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM revision), OLD.context, OLD.number);
END;
