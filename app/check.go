package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/jobs"
	"conversations/app/mail"
	"conversations/app/surveys"
)

// Finding is one thing that was looked at: well, wrong, or worth a note.
type Finding struct {
	What, Words string
	Wrong, Note bool
}

const (
	jobLateAfter    = time.Hour
	backupLateAfter = 26 * time.Hour
	leastFreeBytes  = 1 << 30
	leastFreeShare  = 20 // one part in so many
)

// Check looks whether the database is whole, the mail server answers, mails leave, jobs run, answers are counted as they
// were given, disks have room and backups are made. It changes nothing.
func Check(ctx context.Context, cfg *config.Config, log *slog.Logger) (all []Finding) {
	all = append(all, Finding{What: "configuration", Words: "can be used"})
	problems, err := database.Inspect(ctx, cfg.Database.URL)
	if err != nil {
		problems = []string{err.Error()}
	}
	for _, p := range problems {
		all = append(all, wrong("database", p))
	}
	if len(problems) == 0 {
		all = append(all, Finding{What: "database", Words: "is whole"})
		all = append(all, checkWork(ctx, cfg, log)...)
	}
	all = append(all, checkMailServer(ctx, cfg), checkBackups(cfg))
	for _, folder := range []string{filepath.Dir(database.File(cfg.Database.URL)), cfg.Backup.Folder} {
		if folder != "" {
			all = append(all, checkDisk(folder))
		}
	}
	return all
}

func wrong(what, words string) Finding { return Finding{What: what, Words: words, Wrong: true} }

// checkWork looks at what is done behind the pages: mails, jobs, erasures.
func checkWork(ctx context.Context, cfg *config.Config, log *slog.Logger) (all []Finding) {
	db, err := database.Open(ctx, cfg.Database.URL, nil)
	if err != nil {
		return []Finding{wrong("database", err.Error())}
	}
	defer func() { _ = db.Close() }()
	sum, err := mail.New(db, cfg, "check", log).Summary(ctx)
	switch {
	case err != nil:
		all = append(all, wrong("emails", err.Error()))
	case sum.Failed > 0 || sum.Late > 0 && cfg.Mail.Host != "":
		all = append(all, wrong("emails", fmt.Sprintf("%d failed and %d have waited for more than ten minutes: look at /staff/mails", sum.Failed, sum.Late)))
	default:
		all = append(all, Finding{What: "emails", Words: fmt.Sprintf("%d wait, none failed", sum.Queued)})
	}
	var uncleaned int64
	err = db.Read(ctx).Raw(`SELECT count(*) FROM erasures WHERE cleaned_at IS NULL AND at < ?`, db.Now().Add(-2*24*time.Hour)).Scan(&uncleaned).Error
	if err != nil || uncleaned > 0 {
		all = append(all, wrong("erasures", fmt.Sprintf("the file still has to be cleaned of %d (the program does it once a day)", uncleaned)))
	}
	return append(append(all, checkAnswers(ctx, cfg, db)), checkJobs(ctx, db, log)...)
}

// checkAnswers looks whether what survey results are counted from says what the answers say.
func checkAnswers(ctx context.Context, cfg *config.Config, db *database.DB) Finding {
	const what = "survey answers"
	lines, err := surveys.New(surveys.Parts{Config: cfg, DB: db}).WrongLines(ctx)
	switch {
	case err != nil:
		return wrong(what, err.Error())
	case lines > 0:
		return wrong(what, fmt.Sprintf("%d are counted otherwise than they were given: results are wrong, what is taken out is right", lines))
	}
	return Finding{What: what, Words: "are counted as they were given"}
}

func checkJobs(ctx context.Context, db *database.DB, log *slog.Logger) (all []Finding) {
	states, err := jobs.New(db, "check", log).States(ctx)
	if err != nil {
		return []Finding{wrong("jobs", err.Error())}
	}
	for _, j := range states {
		switch {
		case j.LastError != "":
			all = append(all, wrong("job "+j.Name, "failed the last time: "+j.LastError))
		case j.NextRunAt.Before(db.Now().Add(-jobLateAfter)):
			all = append(all, wrong("job "+j.Name, "should have run at "+j.NextRunAt.Format(time.RFC3339)+". Is the program running?"))
		}
	}
	if len(all) == 0 {
		return []Finding{{What: "jobs", Words: "run"}}
	}
	return all
}

func checkMailServer(ctx context.Context, cfg *config.Config) Finding {
	const what = "mail server"
	if cfg.Mail.Host == "" {
		return Finding{What: what, Words: "none is named (mail.host): emails wait until one is", Note: true}
	}
	if err := mail.Reach(ctx, cfg.Mail); err != nil {
		return wrong(what, err.Error())
	}
	return Finding{What: what, Words: "answers"}
}

func checkBackups(cfg *config.Config) Finding {
	const what = "backup"
	if cfg.Backup.Folder == "" {
		return Finding{What: what, Words: "none is made at night (backup.folder)", Note: true}
	}
	files, err := backups(cfg).Files()
	if err != nil {
		return wrong(what, err.Error())
	}
	if len(files) == 0 {
		return wrong(what, "there is none in "+cfg.Backup.Folder+" yet")
	}
	info, err := os.Stat(files[0])
	if err != nil {
		return wrong(what, err.Error())
	}
	age := time.Since(info.ModTime()).Round(time.Hour)
	if age > backupLateAfter {
		return wrong(what, fmt.Sprintf("the newest, %s, is %s old", files[0], age))
	}
	return Finding{What: what, Words: files[0]}
}

func checkDisk(folder string) Finding {
	what := "disk of " + folder
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return wrong(what, err.Error())
	}
	free, all := disk.Bavail*uint64(disk.Bsize), disk.Blocks*uint64(disk.Bsize) //nolint:gosec // a block has a size
	words := fmt.Sprintf("%d MB of %d MB are free", free>>20, all>>20)
	if free < leastFreeBytes && free < all/leastFreeShare {
		return wrong(what, words)
	}
	return Finding{What: what, Words: words}
}
