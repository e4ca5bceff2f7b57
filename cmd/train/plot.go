package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/plots"
)

// A picture is what --plot is to draw: a name of package plots, and what draws it
// or says with a plots.InapplicableError that there is nothing to draw.
type picture struct {
	name string
	draw func() (*figure.Figure, error)
}

// gallery is the folder of --plot and what has been drawn there; without a folder
// nothing is.
type gallery struct {
	folder string
	drawn  []string
	left   []omitted
	old    []string // files of other runs that a picture of this one would replace
}

// omitted is a picture that does not apply.
type omitted struct{ name, why string }

// plotsJSON is what a result says of its pictures.
type plotsJSON struct {
	Files    []string          `json:"files"`
	NotDrawn map[string]string `json:"not_drawn,omitempty"` // why, by name
}

// checkPlot returns why pictures cannot be written into a folder, as far as that
// can be known in advance. The folder may be made later; nothing is made now.
func checkPlot(folder string) error {
	if folder == "" {
		return nil
	}
	fail := func(err error) error { return fmt.Errorf("--plot %s cannot be written: %w", folder, err) }
	place := filepath.Clean(folder)
	for {
		info, err := os.Stat(place)
		if err == nil && !info.IsDir() {
			return fail(fmt.Errorf("%s is not a directory", place))
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fail(errors.New(reason(err)))
		}
		place = filepath.Dir(place)
	}
	if err := writable(filepath.Join(place, plots.ROCName+".svg")); err != nil {
		return fail(err)
	}
	for _, r := range pictureRoles(folder) {
		if info, err := os.Stat(r.path); err != nil || info.Mode().IsRegular() && info.Mode().Perm()&0o200 != 0 {
			continue
		}
		if err := writable(r.path); err != nil {
			return fail(fmt.Errorf("%s: %w", r.path, err))
		}
	}
	for _, name := range plots.Names() {
		file, err := plots.Foreign(folder, name)
		switch {
		case err != nil:
			return fail(err)
		case file != "":
			return fail(fmt.Errorf("%s is there already, and was not drawn by this program: choose another folder", file))
		}
	}
	return nil
}

// plotRoles lists the folder of pictures and what they may become.
func plotRoles(folder string) []role {
	if folder == "" {
		return nil
	}
	return append(pictureRoles(folder), role{"the folder of --plot", folder})
}

// pictureRoles lists the files that pictures may become.
func pictureRoles(folder string) []role {
	var all []role
	for _, name := range plots.Names() {
		for _, file := range plots.Files(folder, name) {
			all = append(all, role{"a picture of --plot", file})
		}
	}
	return all
}

// save draws pictures and writes them.
func (g *gallery) save(pictures []picture) error {
	if g.folder == "" {
		return nil
	}
	for _, p := range pictures {
		f, err := p.draw()
		var no *plots.InapplicableError
		switch {
		case errors.As(err, &no):
			g.left = append(g.left, omitted{p.name, no.Why})
			continue
		case err == nil:
			err = plots.Save(g.folder, f)
		}
		if err != nil {
			return fmt.Errorf("the picture %s: %w", p.name, err)
		}
		g.drawn = append(g.drawn, p.name)
	}
	for _, name := range plots.Names() {
		for _, file := range plots.Files(g.folder, name) {
			if !slices.Contains(g.drawn, name) && isFile(file) {
				g.old = append(g.old, filepath.Base(file))
			}
		}
	}
	return nil
}

// json returns what a result says of the pictures, nil without --plot.
func (g *gallery) json() *plotsJSON {
	if g.folder == "" {
		return nil
	}
	j := &plotsJSON{Files: []string{}}
	for _, name := range g.drawn {
		j.Files = append(j.Files, plots.Files(g.folder, name)...)
	}
	for _, o := range g.left {
		if j.NotDrawn == nil {
			j.NotDrawn = map[string]string{}
		}
		j.NotDrawn[o.name] = o.why
	}
	return j
}

// print says which pictures there are, and why others are not.
func (g *gallery) print(w *page) {
	if g.folder == "" {
		return
	}
	if len(g.drawn) > 0 {
		w.entry("Pictures", "%s, as .svg and .png in %s", strings.Join(g.drawn, ", "), g.folder)
	} else {
		w.entry("Pictures", "none")
	}
	var names []string // of pictures that are left out for the same reason
	for i, o := range g.left {
		names = append(names, o.name)
		if i+1 == len(g.left) || g.left[i+1].why != o.why {
			w.entry("", "no %s: %s", strings.Join(names, ", "), o.why)
			names = nil
		}
	}
	if len(g.old) > 0 {
		w.entry("", "left there, of another run: %s", strings.Join(g.old, ", "))
	}
}
