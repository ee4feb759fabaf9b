package contacts

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

const groupsPath = listPath + "/groups"

func (h staffHandlers) groups(c echo.Context) error {
	list, err := h.service.Sizes(c.Request().Context())
	if err != nil {
		return err
	}
	rows := make([]pages.GroupRow, len(list))
	for i, g := range list {
		rows[i] = pages.GroupRow{Name: g.Name, Description: g.Description, Href: groupPath(g.ID), ListHref: ListFilter{Group: g.Slug}.href(listPath),
			Contacts: countContacts(g.Contacts), Retired: g.Retired}
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Groups of contacts", Body: pages.Groups(rows), Before: pages.Back("Contacts", listPath), Current: listPath})
}

func groupPath(id int64) string { return groupsPath + "/" + strconv.FormatInt(id, 10) }

func (h staffHandlers) addGroupForm(c echo.Context) error {
	return h.showGroup(c, Group{}, GroupForm{}, nil)
}

func (h staffHandlers) addGroup(c echo.Context) error {
	var f GroupForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	g, err := h.service.AddGroup(c.Request().Context(), f)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showGroup(c, Group{}, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The group "+g.Name+" is added.")
	return web.Redirect(c, groupsPath)
}

func (h staffHandlers) group(c echo.Context) (Group, error) {
	id, err := strconv.ParseInt(c.Param("group"), 10, 64)
	if err != nil {
		return Group{}, noGroup()
	}
	return h.service.GroupByID(c.Request().Context(), id)
}

func (h staffHandlers) groupForm(c echo.Context) error {
	g, err := h.group(c)
	if err != nil {
		return err
	}
	return h.showGroup(c, g, GroupForm{Name: g.Name, Description: g.Description, Retired: g.Retired, Version: g.Version}, nil)
}

func (h staffHandlers) changeGroup(c echo.Context) error {
	g, err := h.group(c)
	if err != nil {
		return err
	}
	var f GroupForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.ChangeGroup(c.Request().Context(), g.ID, f)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showGroup(c, g, f, atField(problems, "name"))
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The group "+f.Name+" is changed.")
	return web.Redirect(c, groupsPath)
}

func (h staffHandlers) showGroup(c echo.Context, g Group, f GroupForm, problems []nhs.FieldError) error {
	v := pages.GroupView{Heading: "Add a group", Action: groupsPath + "/new", Name: f.Name, Description: f.Description, Retired: f.Retired, Version: f.Version, Errors: problems}
	if g.ID != 0 {
		v.Heading, v.Action = "Change the group "+g.Name, groupPath(g.ID)
	}
	return h.shell.Render(c, formStatus(problems), web.Page{Title: v.Heading, Body: pages.GroupForm(v), Before: pages.Back("Groups", groupsPath),
		Errors: len(problems) > 0, Current: listPath})
}
