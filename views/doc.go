// Package views holds the screens and panels: the state of looking, never of loading.
//
//	command or key --> Binding.Do / Screen.Type --> Action (a value, returned now; package app carries it out)
//	data           --> setters (SetTrace, SetSet …)
//	draw.Area, Env --> Screen.Draw
//
// A view never starts work, never names another view and never reads files or clocks. Its rows are one line each,
// built by one linear pass when trace, folds, filter or findings change; Draw formats only the rows on screen.
//
// What belongs here: what a person sees and where they are in it. What does not: loading and jobs (app), cells and
// themes (views/draw), conclusions (diagnose).
package views
