PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'threadreader','first_tables','2026-11-22 06:38:30.573083+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'threadreader','highlights_and_tags','2026-11-22 10:46:38.422404+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'threadreader','saved_searches','2026-11-22 15:54:44.645832+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'threadreader','copies','2026-11-22 18:25:29.395630+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'threadreader','journal','2026-11-22 18:25:29.396358+00:00');
CREATE TABLE "aliases" (
   "natural" TEXT PRIMARY KEY,
   "kept" TEXT
);
INSERT INTO "aliases" VALUES('new','old');
CREATE TABLE "annotations" (
   "id" TEXT PRIMARY KEY,
   "kind" TEXT NOT NULL,
   "post_id" TEXT NOT NULL,
   "comment_id" TEXT,
   "text" TEXT NOT NULL,
   "exact" TEXT NOT NULL,
   "prefix" TEXT NOT NULL,
   "suffix" TEXT NOT NULL,
   "created" TEXT NOT NULL,
   "updated" TEXT NOT NULL
, "colour" TEXT NOT NULL DEFAULT '', "copy" TEXT NOT NULL DEFAULT '', "start" INTEGER, "parent" TEXT);
INSERT INTO "annotations" VALUES('0000000000000001','note','p1','c1','kept','The heron came back at dusk','Then: ',', as ever.','2024-03-01T12:00:00.000000+00:00','2024-03-01T12:00:00.000000+00:00','','',NULL,NULL);
INSERT INTO "annotations" VALUES('0000000000000002','bookmark','p1',NULL,'','The heron came back at dusk','Then: ',', as ever.','2024-03-01T12:02:00.000000+00:00','2024-03-01T12:02:00.000000+00:00','','',NULL,NULL);
CREATE TABLE "changes" (
   "seq" INTEGER PRIMARY KEY,
   "made" TEXT,
   "subject" TEXT,
   "key" TEXT,
   "before" TEXT,
   "after" TEXT,
   "undone" INTEGER
, "line" TEXT NOT NULL DEFAULT '');
INSERT INTO "changes" VALUES(1,'2024-03-01T12:01:00.000000+00:00','annotations','0000000000000001','null','{"id": "0000000000000001", "kind": "note", "post_id": "p1", "comment_id": "c1", "text": "kept", "exact": "The heron came back at dusk", "prefix": "Then: ", "suffix": ", as ever.", "created": "2024-03-01T12:00:00.000000+00:00", "updated": "2024-03-01T12:00:00.000000+00:00"}',0,'');
INSERT INTO "changes" VALUES(2,'2024-03-01T12:03:00.000000+00:00','annotations','0000000000000002','null','{"id": "0000000000000002", "kind": "bookmark", "post_id": "p1", "comment_id": null, "text": "", "exact": "The heron came back at dusk", "prefix": "Then: ", "suffix": ", as ever.", "created": "2024-03-01T12:02:00.000000+00:00", "updated": "2024-03-01T12:02:00.000000+00:00"}',0,'');
INSERT INTO "changes" VALUES(3,'2024-03-01T12:04:00.000000+00:00','names','p1','null','{"post_id": "p1", "title": "Mine"}',0,'');
INSERT INTO "changes" VALUES(4,'2024-03-01T12:06:00.000000+00:00','annotations','0000000000000003','null','{"id": "0000000000000003", "kind": "note", "post_id": "p1", "comment_id": "c2", "text": "removed", "exact": "The heron came back at dusk", "prefix": "Then: ", "suffix": ", as ever.", "created": "2024-03-01T12:05:00.000000+00:00", "updated": "2024-03-01T12:05:00.000000+00:00"}',0,'');
INSERT INTO "changes" VALUES(5,'2024-03-01T12:07:00.000000+00:00','annotations','0000000000000003','{"id": "0000000000000003", "kind": "note", "post_id": "p1", "comment_id": "c2", "text": "removed", "exact": "The heron came back at dusk", "prefix": "Then: ", "suffix": ", as ever.", "created": "2024-03-01T12:05:00.000000+00:00", "updated": "2024-03-01T12:05:00.000000+00:00"}','null',0,'');
CREATE TABLE "copies" (
   "digest" TEXT PRIMARY KEY,
   "text" TEXT NOT NULL
);
CREATE TABLE "counts" (
   "post_id" TEXT PRIMARY KEY,
   "bookmarks" INTEGER DEFAULT 0,
   "notes" INTEGER DEFAULT 0,
   "read" INTEGER DEFAULT 0
, "highlights" INTEGER NOT NULL DEFAULT 0);
INSERT INTO "counts" VALUES('p1',1,1,1,0);
CREATE TABLE "drafts" (
   "post_id" TEXT NOT NULL,
   "comment_id" TEXT,
   "text" TEXT NOT NULL,
   "updated" TEXT NOT NULL,
   "note_id" TEXT
);
INSERT INTO "drafts" VALUES('p1','c3','begun','2024-03-01T12:08:00.000000+00:00',NULL);
CREATE TABLE "folds" (
   "post_id" TEXT PRIMARY KEY,
   "comment_ids" TEXT
);
INSERT INTO "folds" VALUES('p1','["c2"]');
CREATE TABLE "names" (
   "post_id" TEXT PRIMARY KEY,
   "title" TEXT
);
INSERT INTO "names" VALUES('p1','Mine');
CREATE TABLE "positions" (
   "post_id" TEXT PRIMARY KEY,
   "comment_id" TEXT,
   "line" INTEGER
);
INSERT INTO "positions" VALUES('p1','c1',2);
CREATE TABLE "reads" (
   "post_id" TEXT,
   "comment_id" TEXT,
   "gone" INTEGER NOT NULL,
   PRIMARY KEY ("post_id", "comment_id")
);
INSERT INTO "reads" VALUES('p1','c1',0);
INSERT INTO "reads" VALUES('p1','c2',1);
CREATE TABLE "searches" (
   "name" TEXT PRIMARY KEY,
   "words" TEXT NOT NULL,
   "scope" TEXT NOT NULL,
   "exact" INTEGER NOT NULL
);
INSERT INTO "searches" VALUES('Herons','heron','everything',0);
CREATE TABLE "state" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT
);
INSERT INTO "state" VALUES('theme','nord');
CREATE TABLE "tags" (
   "post_id" TEXT NOT NULL,
   "comment_id" TEXT,
   "folded" TEXT NOT NULL,
   "tag" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX "idx_annotations_post_id_created"
    ON "annotations" ("post_id", "created");
CREATE UNIQUE INDEX one_bookmark ON annotations (post_id, ifnull(comment_id, '')) WHERE kind = 'bookmark';
CREATE UNIQUE INDEX one_draft ON drafts (post_id, ifnull(comment_id, ''));
CREATE TRIGGER mark_made AFTER INSERT ON annotations BEGIN
    INSERT INTO counts (post_id, bookmarks, notes)
    VALUES (new.post_id, new.kind = 'bookmark', new.kind = 'note')
    ON CONFLICT DO UPDATE SET bookmarks = bookmarks + excluded.bookmarks,
    notes = notes + excluded.notes; END;
CREATE TRIGGER mark_removed AFTER DELETE ON annotations BEGIN
    UPDATE counts SET bookmarks = bookmarks - (old.kind = 'bookmark'), notes = notes - (old.kind = 'note')
    WHERE post_id = old.post_id; END;
CREATE TRIGGER comment_read AFTER INSERT ON reads WHEN NOT new.gone BEGIN
    INSERT INTO counts (post_id, read) VALUES (new.post_id, 1)
    ON CONFLICT DO UPDATE SET read = read + 1; END;
CREATE TRIGGER comment_unread AFTER DELETE ON reads WHEN NOT old.gone BEGIN
    UPDATE counts SET read = read - 1 WHERE post_id = old.post_id; END;
CREATE TRIGGER comment_set_aside AFTER UPDATE OF gone ON reads BEGIN
    UPDATE counts SET read = read + old.gone - new.gone WHERE post_id = old.post_id; END;
CREATE UNIQUE INDEX one_tag ON tags (post_id, ifnull(comment_id, ''), folded);
CREATE TRIGGER highlight_made AFTER INSERT ON annotations WHEN new.kind = 'highlight' BEGIN
    INSERT INTO counts (post_id, highlights) VALUES (new.post_id, 1)
    ON CONFLICT DO UPDATE SET highlights = highlights + 1; END;
CREATE TRIGGER highlight_removed AFTER DELETE ON annotations WHEN old.kind = 'highlight' BEGIN
    UPDATE counts SET highlights = highlights - 1 WHERE post_id = old.post_id; END;
COMMIT;
