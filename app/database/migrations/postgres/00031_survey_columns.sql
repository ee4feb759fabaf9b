-- The columns of a survey's answers have their places from when the question is made, no longer from when they are first
-- taken out. This gives theirs to the questions that are there.
-- +goose Up

-- What "other" is stands in q3_text: an option of that name would stand there too.
UPDATE survey_choices SET code = 'text-' || id
WHERE code = 'text' AND part = 'option' AND question_id IN (
    SELECT q.id FROM survey_questions q WHERE q.kind = 'several-of'
        AND NOT EXISTS (SELECT 1 FROM survey_columns c WHERE c.survey_id = q.survey_id AND c.name = 'q' || q.number || '_text'));

INSERT INTO survey_columns (survey_id, name, position)
SELECT f.survey_id, f.name,
    (SELECT coalesce(max(c.position), 0) FROM survey_columns c WHERE c.survey_id = f.survey_id)
        + ROW_NUMBER() OVER (PARTITION BY f.survey_id ORDER BY f.number, f.last, f.choice)
FROM (
    SELECT q.survey_id, 'q' || q.number AS name, q.number, 0 AS last, 0 AS choice
        FROM survey_questions q WHERE q.kind NOT IN ('several-of', 'grid')
    UNION ALL
    SELECT q.survey_id, 'q' || q.number || '_' || c.code, q.number, 0, c.id
        FROM survey_questions q JOIN survey_choices c ON c.question_id = q.id
        WHERE (q.kind = 'several-of' AND c.part = 'option') OR (q.kind = 'grid' AND c.part = 'row')
    UNION ALL
    SELECT DISTINCT q.survey_id, 'q' || q.number || '_text', q.number, 1, 0
        FROM survey_questions q JOIN survey_choices c ON c.question_id = q.id
        WHERE c.special = 'other' AND c.part = 'option'
) f
WHERE NOT EXISTS (SELECT 1 FROM survey_columns c WHERE c.survey_id = f.survey_id AND c.name = f.name);

-- +goose Down
SELECT 1;
