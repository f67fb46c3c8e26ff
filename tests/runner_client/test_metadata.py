from runner_client.metadata import Notice, parse_notice


def test_it_reads_the_notice_of_an_interruption():
    text = '{"action": "terminate", "time": "2017-09-18T08:22:00Z"}'
    assert parse_notice(text) == Notice("terminate", 1505722920)


def test_everything_else_is_no_notice():
    for text in ("", "[]", "7", "{}", '{"action": "stop"}', '{"action": 1, "time": "soon"}', "<a>"):
        assert parse_notice(text) is None
