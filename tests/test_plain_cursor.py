"""What is said of an answer's columns; collected only where there is PostgreSQL."""

import pytest
from psycopg import Cursor

from webapp.extensions import db


@pytest.fixture
def driver(app):
    with db.engine.connect() as connection:
        yield connection.connection.driver_connection


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 AS one, 'b' AS two, '[]'::json AS three", "SELECT 1 WHERE false", "SELECT"],
    ids=["columns", "no rows", "no columns"],
)
def test_it_says_names_and_types_as_the_drivers_own_does(driver, statement):
    plain, full = driver.cursor().execute(statement), Cursor(driver).execute(statement)
    assert [said[:2] for said in plain.description] == [
        (said.name, said.type_code) for said in full.description
    ]
    assert {len(said) for said in plain.description} <= {7}


def test_it_says_nothing_of_what_answers_no_rows(driver):
    assert driver.cursor().execute("SET search_path TO public").description is None
