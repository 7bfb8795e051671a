// SPDX-License-Identifier: GPL-2.0
//
// Asks a kernel's own Kconfig why an option has the value that it has. Compiled at run time against the objects in
// <build>/scripts/kconfig (the parser that `make config` uses), so that it speaks the dialect of the tree at hand; it
// uses only what has been the same in these headers since Linux 4.18.
//
//   kconfig_query KCONFIG DOT_CONFIG REQUESTS ANSWERS
//
// REQUESTS holds one option name a line (without CONFIG_), ANSWERS gets one JSON object a line.

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lkc.h"

enum { kMaxDepth = 24, kMaxTerms = 64, kTextSize = 1024 };

struct text {
	char s[kTextSize];
	size_t len;
};

struct terms {
	char *item[kMaxTerms];
	int count;
};

static void text_add(struct text *t, const char *s)
{
	while (*s && t->len + 1 < kTextSize)
		t->s[t->len++] = *s++;
	t->s[t->len] = '\0';
}

static void text_expr_part(void *data, struct symbol *sym, const char *str)
{
	(void)sym;
	text_add(data, str);
}

static void terms_add(struct terms *t, const char *s)
{
	int i;

	for (i = 0; i < t->count; i++)
		if (!strcmp(t->item[i], s))
			return;
	if (t->count < kMaxTerms)
		t->item[t->count++] = strdup(s);
}

static void terms_free(struct terms *t)
{
	while (t->count > 0)
		free(t->item[--t->count]);
}

static void terms_add_expr(struct terms *t, const struct expr *e)
{
	struct text text = { .len = 0 };

	expr_print((struct expr *)e, text_expr_part, &text, 0);
	terms_add(t, text.s);
}

static struct property *first_prompt(struct symbol *sym)
{
	struct property *prop;

	for_all_prompts(sym, prop)
		return prop;
	return NULL;
}

static struct expr *wanted_by(struct symbol *sym)
{
	struct property *prompt = first_prompt(sym);

	return prompt ? prompt->visible.expr : sym->dir_dep.expr;
}

/* The conjuncts of e that do not reach `want`. */
static void failing_terms(struct expr *e, tristate want, struct terms *out, int depth)
{
	if (!e || depth > kMaxDepth || expr_calc_value(e) >= want)
		return;
	if (e->type == E_AND) {
		failing_terms(e->left.expr, want, out, depth + 1);
		failing_terms(e->right.expr, want, out, depth + 1);
	} else {
		terms_add_expr(out, e);
	}
}

/* Follows what is missing down to what somebody could set, or to a condition that no option can change. */
static void root_causes(struct expr *e, tristate want, struct terms *out, int depth)
{
	struct symbol *sym;

	if (!e || depth > kMaxDepth || expr_calc_value(e) >= want)
		return;
	if (e->type == E_AND) {
		root_causes(e->left.expr, want, out, depth + 1);
		root_causes(e->right.expr, want, out, depth + 1);
		return;
	}
	if (e->type == E_SYMBOL) {
		int before = out->count;

		sym = e->left.sym;
		sym_calc_value(sym);
		if (sym->visible < want && wanted_by(sym))
			root_causes(wanted_by(sym), want, out, depth + 1);
		if (out->count > before)
			return;
	}
	terms_add_expr(out, e);
}

/* The options that are on and select this one. */
static void active_selectors(struct expr *e, struct terms *out, int depth)
{
	if (!e || depth > 512 || expr_calc_value(e) == no)
		return;
	if (e->type == E_OR) {
		active_selectors(e->left.expr, out, depth + 1);
		active_selectors(e->right.expr, out, depth + 1);
	} else if (e->type == E_AND) {
		active_selectors(e->left.expr, out, depth + 1);
	} else {
		terms_add_expr(out, e);
	}
}

/* In a choice exactly one member is on: which one? */
static const char *chosen_sibling(struct symbol *sym)
{
	struct property *prompt = first_prompt(sym);
	struct menu *m;

	if (!sym_is_choice_value(sym) || !prompt || !prompt->menu || !prompt->menu->parent)
		return NULL;
	for (m = prompt->menu->parent->list; m; m = m->next)
		if (m->sym && m->sym != sym && m->sym->name && sym_get_tristate_value(m->sym) == yes)
			return m->sym->name;
	return NULL;
}

static bool is_menu(struct symbol *sym)
{
	struct property *prop;

	for (prop = sym->prop; prop; prop = prop->next)
		if (prop->type == P_MENU || (prop->type == P_PROMPT && prop->menu && prop->menu->list))
			return true;
	return false;
}

static void put_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void put_terms(FILE *out, const char *key, struct terms *t)
{
	int i;

	fprintf(out, ",\"%s\":[", key);
	for (i = 0; i < t->count; i++) {
		if (i)
			fputc(',', out);
		put_string(out, t->item[i]);
	}
	fputc(']', out);
	terms_free(t);
}

static void answer(FILE *out, const char *name)
{
	struct symbol *sym = sym_find(name);
	struct property *prompt;
	struct terms terms = { .count = 0 };
	const char *chosen;

	fputs("{\"name\":", out);
	put_string(out, name);
	if (!sym || sym->type == S_UNKNOWN) {
		fputs(",\"exists\":false}\n", out);
		return;
	}
	sym_calc_value(sym);
	prompt = first_prompt(sym);
	fprintf(out, ",\"exists\":true,\"type\":\"%s\",\"menu\":%s,\"has_prompt\":%s,\"visible\":%d",
		sym_type_name(sym->type), is_menu(sym) ? "true" : "false", prompt ? "true" : "false",
		(int)sym->visible);
	fputs(",\"value\":", out);
	put_string(out, sym_get_string_value(sym));
	if (prompt) {
		fputs(",\"prompt\":", out);
		put_string(out, prompt->text);
		if (prompt->menu && prompt->menu->parent && prompt->menu->parent->prompt) {
			fputs(",\"under\":", out);
			put_string(out, prompt->menu->parent->prompt->text);
		}
	}
	chosen = chosen_sibling(sym);
	if (chosen) {
		fputs(",\"chosen_instead\":", out);
		put_string(out, chosen);
	}
	failing_terms(wanted_by(sym), yes, &terms, 0);
	put_terms(out, "missing", &terms);
	root_causes(wanted_by(sym), yes, &terms, 0);
	put_terms(out, "root_causes", &terms);
	active_selectors(sym->rev_dep.expr, &terms, 0);
	put_terms(out, "selected_by", &terms);
	fputs("}\n", out);
}

int main(int argc, char **argv)
{
	char line[256];
	FILE *in, *out;

	if (argc != 5) {
		fprintf(stderr, "usage: %s KCONFIG DOT_CONFIG REQUESTS ANSWERS\n", argv[0]);
		return 2;
	}
	conf_parse(argv[1]);
	if (conf_read(argv[2])) {
		fprintf(stderr, "%s: cannot be read\n", argv[2]);
		return 1;
	}
	in = fopen(argv[3], "r");
	out = fopen(argv[4], "w");
	if (!in || !out) {
		fprintf(stderr, "%s: %s\n", in ? argv[4] : argv[3], strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0])
			answer(out, line);
	}
	if (ferror(in) || fclose(out)) {
		fprintf(stderr, "%s: %s\n", argv[4], strerror(errno));
		return 1;
	}
	return 0;
}
