package normalize

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// token is a part of a path or key as it stands there and without its value.
type token struct{ raw, as string }

// bare returns a token without the separator in front of it.
func bare(token string) string {
	if token != "" && strings.IndexByte("/:|.-_(=", token[0]) >= 0 {
		return token[1:]
	}
	return token
}

// idKinds are the tokens that stand for ids of one sort or another; where several stand, they are "{id}".
var idKinds = lex.Set("{int} {uuid} {ulid} {hex} {b64} {id}")

// within reports whether a token goes on with the segment of the token in front of it.
func within(token string) bool {
	return len(token) > 0 && (token[0] == '.' || token[0] == '-' || token[0] == '_')
}

// looksLikeID reports whether a segment could be an id as well as a name.
func looksLikeID(text string) bool {
	if mayBeID(text) || mixesCases(text) || strings.Contains(text, "{") {
		return true
	}
	a, ok := examine(undashed(text))
	tail := text[strings.LastIndexByte(text, '-')+1:]
	return ok && !isTechnical(text) && (a.jumble && (a.odd || a.unexplained) || isSlug(text) && letter(tail) == tail && oddLetters(tail))
}

// isExtension reports whether a token is that of a file's name: .jpg, .json.
func isExtension(token string) bool {
	return len(token) > 1 && len(token) < 6 && token[0] == '.' && letter(token) == token[1:]
}

// hasOddPart reports whether a part of a value is no word of any language that is written as English is.
func hasOddPart(text string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !lex.Letter(byte(r)) || r > 'z' }), oddLetters)
}

// isContainer reports whether a segment holds resources of all sorts: /api, /v1, /services.
func isContainer(token string) bool {
	word := strings.ToLower(bare(token))
	return containers[word] || isNumberedName(word) && word[0] == 'v'
}

var containers = lex.Set("api apis rest internal public private admin service services svc rpc graphql gateway web app apps backend ajax json ws rpcs actions methods functions endpoints")

// isResource reports whether a word is what people call resources and what can be done with them: plurals and verbs.
// Slugs have more words.
func isResource(text string) bool {
	word := strings.ToLower(text)
	if strings.ContainsAny(word, tens) || strings.Count(word, "-") > 1 {
		return false
	}
	if cut := strings.IndexAny(word, "-_."); cut > 0 && beside[word[:cut]] {
		return true
	}
	return beside[word] || len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !oddPair(letter(word))
}

const tens = "0123456789"

// letter leaves the letters of a text.
func letter(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, text)
}

// beside are the words that stand where ids stand: what is done to a collection, or what is chosen of it.
var beside = lex.Set("all any archive auth batch bulk by cancel cart catalog category check checkout close complete config confirm copy count create current " +
	"dashboard default delete detail details disable download edit enable exists export featured feed filter find first get health history home import index info init " +
	"internal invoice item last latest list live login logout lookup me menu meta metadata mine move my new newest next none open options order page paid payment pending ping " +
	"popular preview price pricing product profile promo public publish query random rating ready recent recommended refresh register related remove report reset review root save " +
	"schema search self send set shipping start state stats status stock stop store submit suggest summary sync test today top total trending unread update upload user validate verify version wishlist")
