-- What goes takes along what points at it, as in 0003: what was left.

-- A deleted class of music goes from where calls are put aside.
CREATE TRIGGER moh_goes_from_boards AFTER DELETE ON moh
BEGIN
    UPDATE parking_lot SET music_on_hold = NULL WHERE substr(music_on_hold, -36) = OLD.uuid;
    UPDATE switchboard SET queue_music_on_hold = NULL WHERE substr(queue_music_on_hold, -36) = OLD.uuid;
    UPDATE switchboard SET waiting_room_music_on_hold = NULL
        WHERE substr(waiting_room_music_on_hold, -36) = OLD.uuid;
END;

-- A destination's variables mean nothing without its rule.
CREATE TRIGGER skill_rule_goes AFTER DELETE ON skill_rule
BEGIN
    UPDATE destination SET arguments = json_remove(arguments, '$.skill_rule_id', '$.skill_rule_variables')
        WHERE type = 'queue' AND arguments ->> 'skill_rule_id' = OLD.id;
END;
