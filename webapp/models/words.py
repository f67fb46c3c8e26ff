"""The words that names are made of."""

ADJECTIVES = tuple(
    """able agile amber ancient autumn bashful bold brave breezy bright brisk calm candid careful
    cheerful chilly clever cloudy cosy cowardly crisp curious daring dizzy dusty eager early elegant
    fair fancy fearless fluffy fond frosty funny gentle giddy glad golden grand happy hasty hazy
    honest humble hungry icy jolly keen kind late lazy lively lucky mellow merry mighty misty modest
    neat nimble noble odd patient plain polite proud quick quiet rapid rare ready rosy round rusty
    shiny shy silent silver sleepy small smart snappy snowy spicy steady stormy sunny swift tame
    tender thirsty tidy tiny tricky velvet vivid warm wild windy wise witty young zesty""".split()
)
ANIMALS = tuple(
    """alpaca ant badger bat bear beaver bee bison boar bobcat camel cat cheetah cod crab crane
    cricket crow deer dingo dog dolphin donkey dove duck eagle eel elk emu falcon ferret finch fly
    fox frog gecko gibbon goat goose gull hare hawk hedgehog heron hippo horse ibex iguana jackal
    jaguar jay koala lark lemur leopard lion lizard llama lobster lynx magpie mink mole moose moth
    mouse mule newt octopus otter owl ox panda parrot pelican penguin pigeon pony puffin puma quail
    rabbit raccoon ram raven robin salmon seal shark sheep shrew sloth snail sparrow squid stork
    swan tapir tiger toad trout turtle viper walrus wasp weasel whale wolf wombat wren yak zebra
    """.split()
)
SPICES = tuple(
    """anise basil bay caper cardamom cayenne chervil chili chive cinnamon clove coriander cumin
    dill fennel garlic ginger juniper laurel lavender lovage mace marjoram mint mustard nutmeg
    oregano paprika parsley pepper poppy rosemary saffron sage savory sesame sorrel sumac tarragon
    thyme turmeric vanilla wasabi""".split()
)
