"""The audit log's rules in both databases, frozen as the first migration makes them. Nothing else imports this.

`accounts.triggers` has them as they are today. A change is made there and in a migration of its own;
tests/architecture/test_migrations.py holds what was migrated against it.
"""

_POSTGRESQL = [
    # The only change that passes erases the facts together with their salt. The path is empty because everybody may
    # make a temporary function or operator of a name used here.
    """
    CREATE FUNCTION append_only_accounts_auditentry() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.facts = '{}' AND NEW.salt = ''
          AND to_jsonb(NEW) - ARRAY['facts', 'salt'] = to_jsonb(OLD) - ARRAY['facts', 'salt']
        THEN RETURN NEW; END IF;
      END IF;
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION append_only_accounts_auditlink() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION append_only_accounts_auditentry()
    """,
    """
    CREATE TRIGGER append_only_table BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION append_only_accounts_auditentry()
    """,
    """
    CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON accounts_auditlink
    FOR EACH ROW EXECUTE FUNCTION append_only_accounts_auditlink()
    """,
    """
    CREATE TRIGGER append_only_table BEFORE TRUNCATE ON accounts_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION append_only_accounts_auditlink()
    """,
]

_SQLITE = [
    """
    CREATE TRIGGER append_only_accounts_auditentry_delete BEFORE DELETE ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'accounts_auditentry is append-only'); END
    """,
    """
    CREATE TRIGGER append_only_accounts_auditentry_update BEFORE UPDATE ON accounts_auditentry
    WHEN NOT (NEW.facts IS '{}' AND NEW.salt IS ''
      AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.actor_id IS OLD.actor_id AND NEW.about_id IS OLD.about_id
      AND NEW.verb IS OLD.verb AND NEW.subject_kind IS OLD.subject_kind AND NEW.subject_id IS OLD.subject_id)
    BEGIN SELECT RAISE(ABORT, 'accounts_auditentry is append-only'); END
    """,
    """
    CREATE TRIGGER append_only_accounts_auditlink_delete BEFORE DELETE ON accounts_auditlink
    BEGIN SELECT RAISE(ABORT, 'accounts_auditlink is append-only'); END
    """,
    """
    CREATE TRIGGER append_only_accounts_auditlink_update BEFORE UPDATE ON accounts_auditlink
    BEGIN SELECT RAISE(ABORT, 'accounts_auditlink is append-only'); END
    """,
]

CREATE = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}
# Triggers go with their functions.
REMOVE = {
    "postgresql": [
        "DROP FUNCTION append_only_accounts_auditentry() CASCADE",
        "DROP FUNCTION append_only_accounts_auditlink() CASCADE",
    ],
    "sqlite": [
        "DROP TRIGGER append_only_accounts_auditentry_delete",
        "DROP TRIGGER append_only_accounts_auditentry_update",
        "DROP TRIGGER append_only_accounts_auditlink_delete",
        "DROP TRIGGER append_only_accounts_auditlink_update",
    ],
}
