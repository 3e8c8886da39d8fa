-- Which accounts have sent a file's bytes: only they may put it into a case, or see it outside of one.
CREATE TABLE file_sender (
    tenant_id  text NOT NULL,
    sha256     text NOT NULL,
    account_id text NOT NULL,
    PRIMARY KEY (tenant_id, sha256, account_id)
);

-- Copies of a picture that were made to be shown, each with its watermark burnt in; they are objects of their own.
CREATE TABLE file_rendition (
    tenant_id text NOT NULL,
    sha256    text NOT NULL,             -- of the original
    watermark text NOT NULL,             -- SHA-256 of what is burnt in
    served    text NOT NULL,             -- the object of the large copy
    thumbnail text NOT NULL,             -- and that of the small one
    PRIMARY KEY (tenant_id, sha256, watermark)
);

ALTER TABLE file_sender ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_sender FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON file_sender USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE file_rendition ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_rendition FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON file_rendition USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

GRANT SELECT, INSERT ON file_sender TO anhuan_app;
GRANT SELECT, INSERT, UPDATE ON file_rendition TO anhuan_app;
