-- A queue goes on with the default music when its class is deleted.
CREATE TRIGGER moh_goes_from_queues AFTER DELETE ON moh
BEGIN
    UPDATE queue SET music_on_hold = NULL WHERE substr(music_on_hold, -36) = OLD.uuid;
END;
