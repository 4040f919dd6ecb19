// An auditor that shares no line with the ledger: Go's own sumdb/note and sumdb/tlog over an exported folder.
//
//	auditor FOLDER VKEY PROOFS
//
// PROOFS holds lines of JSON: {"index":…,"path":[base64…]} against the checkpoint in FOLDER, and
// {"old":…,"old_root":base64,"path":[base64…]} for what it continues. Exits with 0 only where all of it holds.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Index   *int64   `json:"index"`
	Old     *int64   `json:"old"`
	OldRoot []byte   `json:"old_root"`
	Path    [][]byte `json:"path"`
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func name(kind string, number, width int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number /= 1000; number > 0; number /= 1000 {
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	if width < 256 {
		path += ".p/" + strconv.FormatInt(width, 10)
	}
	return "tile/" + kind + "/" + path
}

func leaves(folder string, size int64) [][]byte {
	var found [][]byte
	for number := int64(0); number*256 < size; number++ {
		width := min(256, size-number*256)
		rest := must(os.ReadFile(filepath.Join(folder, name("entries", number, width))))
		for at := int64(0); at < width; at++ {
			if len(rest) < 2 || len(rest) < 2+int(rest[0])<<8+int(rest[1]) {
				fail("bundle %d is cut", number)
			}
			length := int(rest[0])<<8 + int(rest[1])
			found, rest = append(found, rest[2:2+length]), rest[2+length:]
		}
		if len(rest) > 0 {
			fail("bundle %d holds more than its entries", number)
		}
	}
	return found
}

func hashes(paths [][]byte) []tlog.Hash {
	var found []tlog.Hash
	for _, step := range paths {
		var hash tlog.Hash
		if copy(hash[:], step) != len(hash) || len(step) != len(hash) {
			fail("a hash is not 32 bytes")
		}
		found = append(found, hash)
	}
	return found
}

func main() {
	folder, verifier := os.Args[1], must(note.NewVerifier(os.Args[2]))
	signed := must(note.Open(must(os.ReadFile(filepath.Join(folder, "checkpoint"))), note.VerifierList(verifier)))
	lines := strings.Split(signed.Text, "\n")
	size := must(strconv.ParseInt(lines[1], 10, 64))
	root := hashes([][]byte{must(base64.StdEncoding.DecodeString(lines[2]))})[0]
	if lines[0] != verifier.Name() {
		fail("the checkpoint is of another log")
	}

	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	entries := leaves(folder, size)
	for index, leaf := range entries {
		stored = append(stored, must(tlog.StoredHashes(int64(index), leaf, reader))...)
	}
	if must(tlog.TreeHash(size, reader)) != root {
		fail("the entries do not lead to the signed root")
	}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		path := name(strconv.Itoa(tile.L), tile.N, int64(tile.W))
		computed := must(tlog.ReadTileData(tile, reader))
		if held, err := os.ReadFile(filepath.Join(folder, path)); err != nil && tile.W == 256 || err == nil && !bytes.Equal(held, computed) {
			fail("%s does not hold what it should: %v", path, err)
		}
	}
	checked := 0
	file := must(os.Open(os.Args[3]))
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		var given proof
		if err := json.Unmarshal(scanner.Bytes(), &given); err != nil {
			fail("%v", err)
		}
		var err error
		if given.Index != nil {
			err = tlog.CheckRecord(hashes(given.Path), size, root, *given.Index, tlog.RecordHash(entries[*given.Index]))
		} else {
			err = tlog.CheckTree(hashes(given.Path), size, root, *given.Old, hashes([][]byte{given.OldRoot})[0])
		}
		if err != nil {
			fail("%v", err)
		}
		checked++
	}
	fmt.Printf("holds: %d entries, %d proofs\n", size, checked)
}
