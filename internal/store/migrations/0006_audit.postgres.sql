-- What somebody did to what, and who; see the package audit. An entry outlives
-- the actor and the object, so that it refers to neither. Changes are a JSON
-- list of [field, from, to].
CREATE TABLE audit (
    id         {{id}},
    created_at BIGINT NOT NULL,
    actor_id   BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    model      TEXT   NOT NULL,
    object_id  TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    changes    TEXT   NOT NULL
);
CREATE INDEX audit_created ON audit (created_at, id);
CREATE INDEX audit_object ON audit (model, object_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);

-- Who may do more than listen, short of an admin: 0 nobody, 1 viewers, 2
-- editors. A change counts as one of accounts, see 0002.
ALTER TABLE users ADD COLUMN staff SMALLINT NOT NULL DEFAULT 0 CONSTRAINT users_staff_check CHECK (staff BETWEEN 0 AND 2);

DROP TRIGGER users_revised ON users;
CREATE TRIGGER users_revised BEFORE INSERT OR DELETE OR UPDATE OF external_id, email, verified, full_name, image, active, admin, audience, staff ON users
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('accounts');
